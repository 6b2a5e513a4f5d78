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

rem The first `run` leaves the classes that it loaded behind when it ends; whatever starts later starts in half the time.
rem Java itself refuses what another Java or other jars have left.
set "CACHE=%CENTROVISION_SYNC_HOME%\cache"
for %%J in ("%CENTROVISION_SYNC_HOME%\lib\centrovision-sync-*.jar") do set "KEPT=%CACHE%\%%~nJ.jsa"
set "CLASSES="
if "%~1"=="run" if not exist "%CACHE%" mkdir "%CACHE%" 2>nul
if "%~1"=="run" if exist "%CACHE%" set CLASSES="-Xlog:cds*=off" "-XX:ArchiveClassesAtExit=%KEPT%"
if exist "%KEPT%" set CLASSES="-Xlog:cds*=off" -XX:+VerifySharedSpaces "-XX:SharedArchiveFile=%KEPT%"
if not defined KEPT set "CLASSES="
if defined JAVA_OPTS if not "%JAVA_OPTS:share=%"=="%JAVA_OPTS%" set "CLASSES="
if defined JAVA_OPTS if not "%JAVA_OPTS:ArchiveClasses=%"=="%JAVA_OPTS%" set "CLASSES="

"%JAVA_EXE%" -Xmx256m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 %CLASSES% %JAVA_OPTS% -cp "%CENTROVISION_SYNC_HOME%\lib\*;%CENTROVISION_SYNC_HOME%\lib\demo\*" com.centrovision.sync.App %*
exit /b %ERRORLEVEL%
