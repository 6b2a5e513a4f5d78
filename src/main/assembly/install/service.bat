@echo off
rem Registers the service CentroVisionSync for the program folder that this file stands in, or sets a registered one right. Called by
rem install_windows.bat with JAVA_DIR and DATA set; after a rollback by the older version's own copy. Ends with 1 where Windows refuses.
setlocal EnableExtensions DisableDelayedExpansion
set "SYSTEM=%SystemRoot%\System32"
for %%I in ("%~dp0..") do set "PROGRAM=%%~fI"
set "EXE=%PROGRAM%\bin\CentroVisionSync.exe"

rem prunsrv runs Java in its own process: what stops it is a call, and a process that dies is a service that failed. What stands on
rem the command line others can see: passwords stand in config.toml alone.
"%SYSTEM%\sc.exe" query CentroVisionSync >nul 2>&1
if errorlevel 1 goto install
call :prunsrv US
if not errorlevel 1 goto registered
rem Where it can not be changed it is made anew. Windows deletes a service when nobody looks at it any more and its process has ended,
rem which has 30 seconds for it.
"%SYSTEM%\sc.exe" delete CentroVisionSync >nul 2>&1
set "LOOKS=0"
:deleting
"%SYSTEM%\ping.exe" -n 2 127.0.0.1 >nul 2>&1
"%SYSTEM%\sc.exe" query CentroVisionSync >nul 2>&1
if errorlevel 1 goto install
set /a LOOKS+=1
if not "%LOOKS%"=="45" goto deleting
exit /b 1

:install
call :prunsrv IS
if errorlevel 1 exit /b 1

:registered
rem An account of its own, without a password, that Windows makes and nobody can log in with.
"%SYSTEM%\sc.exe" config CentroVisionSync start= delayed-auto obj= "NT SERVICE\CentroVisionSync" >nul
if errorlevel 1 exit /b 1
rem Started anew after 10 s, 60 s and then every 5 minutes; the count begins anew after a day without a failure.
"%SYSTEM%\sc.exe" failure CentroVisionSync reset= 86400 actions= restart/10000/restart/60000/restart/300000 >nul
if errorlevel 1 exit /b 1
"%SYSTEM%\sc.exe" failureflag CentroVisionSync 1 >nul
if errorlevel 1 exit /b 1
exit /b 0

:prunsrv
"%EXE%" //%1//CentroVisionSync --DisplayName="CentroVision Sync" --Description="Keeps the clinic's PostgreSQL and its Supabase project the same" --Install="%EXE%" --Startup=delayed --StartMode=jvm --StopMode=jvm --Jvm="%JAVA_DIR%\bin\server\jvm.dll" --Classpath="%PROGRAM%\lib\*" --StartClass=com.centrovision.sync.WindowsService --StartMethod=start --StopClass=com.centrovision.sync.WindowsService --StopMethod=stop --StopTimeout=30 --StartPath="%DATA%" --JvmOptions=-Xms64m;-Xmn16m;-Xmx256m;-XX:+UseSerialGC;-XX:MinHeapFreeRatio=12;-XX:MetaspaceSize=64m;-XX:TieredStopAtLevel=1;-XX:+ExitOnOutOfMemoryError;-Dfile.encoding=UTF-8 --LogPath="%DATA%\log" --LogPrefix=windows-service --LogLevel=Info --StdError=auto >>"%DATA%\log\install.log" 2>&1
if errorlevel 1 exit /b 1
exit /b 0
