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
rem A heap that begins small and grows little, unless JAVA_OPTS names another.
set "HEAP=-Xms72m -Xmn32m -Xmx256m"
if defined JAVA_OPTS if not "%JAVA_OPTS:-Xmx=%"=="%JAVA_OPTS%" set "HEAP="
"%JAVA_EXE%" %HEAP% -XX:+UseSerialGC -XX:MinHeapFreeRatio=20 -XX:MetaspaceSize=64m -XX:PerfDataSamplingInterval=1000 -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 %JAVA_OPTS% -cp "%CENTROVISION_SYNC_HOME%\lib\*;%CENTROVISION_SYNC_HOME%\lib\demo\*" com.centrovision.sync.App %*
exit /b %ERRORLEVEL%
