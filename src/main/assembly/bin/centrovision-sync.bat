@echo off
rem Starts centrovision-sync. CENTROVISION_SYNC_HOME, JAVA_HOME and JAVA_OPTS are honoured.
setlocal
if not defined CENTROVISION_SYNC_HOME set "CENTROVISION_SYNC_HOME=%~dp0.."
set "JAVA_EXE=java.exe"
if defined JAVA_HOME set "JAVA_EXE=%JAVA_HOME%\bin\java.exe"
"%JAVA_EXE%" -version >nul 2>&1
if errorlevel 1 (
    echo CV-START-01 Java was not found. Install Java 17 or newer, or set JAVA_HOME. 1>&2
    exit /b 2
)
"%JAVA_EXE%" -Xms72m -Xmn32m -Xmx256m -XX:+UseSerialGC -XX:MinHeapFreeRatio=20 -XX:MetaspaceSize=64m -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 %JAVA_OPTS% -cp "%CENTROVISION_SYNC_HOME%\lib\*;%CENTROVISION_SYNC_HOME%\lib\demo\*" com.centrovision.sync.App %*
exit /b %ERRORLEVEL%
