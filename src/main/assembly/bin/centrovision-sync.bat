@echo off
rem Starts centrovision-sync. CENTROVISION_SYNC_HOME, CENTROVISION_SYNC_LANG, JAVA_HOME and JAVA_OPTS are honoured.
rem Plain ASCII: a console's code page is not known here. No delayed expansion: it would take an ! out of the arguments.
setlocal EnableExtensions DisableDelayedExpansion
if not defined CENTROVISION_SYNC_HOME set "CENTROVISION_SYNC_HOME=%~dp0.."

set "JAVA_EXE=java.exe"
if defined JAVA_HOME set "JAVA_EXE=%JAVA_HOME:"=%\bin\java.exe"

rem The answer goes through a file: the quotes of a whole name and a pipe do not go together in a for.
set "ANSWER=%TEMP%\centrovision-sync-%RANDOM%%RANDOM%.txt"
set "VERSION="
"%JAVA_EXE%" -version >"%ANSWER%" 2>&1
for /f "usebackq tokens=1-3" %%A in ("%ANSWER%") do if "%%B"=="version" if not defined VERSION set "VERSION=%%~C"
del "%ANSWER%" >nul 2>&1
set "MAJOR=0"
for /f "tokens=1 delims=.-+" %%V in ("%VERSION%") do set "MAJOR=%%V"
if %MAJOR% LSS 17 goto no_java

rem A heap that begins small and grows little, unless JAVA_OPTS names another.
set "HEAP=-Xms64m -Xmn16m -Xmx256m"
if not defined JAVA_OPTS goto start
set "OTHER=%JAVA_OPTS:"=%"
set "WITHOUT=%OTHER:-Xmx=%"
if not "%WITHOUT%"=="%OTHER%" set "HEAP="

:start
"%JAVA_EXE%" %HEAP% -XX:+UseSerialGC -XX:MinHeapFreeRatio=12 -XX:MetaspaceSize=64m -XX:PerfDataSamplingInterval=1000 -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 %JAVA_OPTS% -cp "%CENTROVISION_SYNC_HOME%\lib\*;%CENTROVISION_SYNC_HOME%\lib\demo\*" com.centrovision.sync.App %*
exit /b %ERRORLEVEL%

:no_java
if /i "%CENTROVISION_SYNC_LANG:~0,2%"=="es" goto no_java_es
echo CV-START-01 Java was not found ("%JAVA_EXE%"). Install Java 17 or newer, or set JAVA_HOME. 1>&2
exit /b 2
:no_java_es
echo CV-START-01 No se encontro Java ("%JAVA_EXE%"). Instale Java 17 o mas nuevo, o indique JAVA_HOME. 1>&2
exit /b 2
