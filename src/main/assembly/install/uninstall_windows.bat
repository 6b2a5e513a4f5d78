@echo off
rem Takes the service away. The configuration, the clinic's table files and the logs stay, unless --purge is given; the clinic's
rem database, its backups and its study files stay always. To be run as administrator:
rem     uninstall_windows.bat [--purge] [--yes] [--dry-run] [--lang es^|en]
rem Ends with 0, with 2 where something has to be put right first (nothing was changed), with 1 after anything else.
setlocal EnableExtensions DisableDelayedExpansion
set "SYSTEM=%SystemRoot%\System32"
set "BASE=%ProgramFiles%"
if defined ProgramW6432 set "BASE=%ProgramW6432%"
set "PROGRAM=%BASE%\CentroVisionSync"
set "DATA=%ProgramData%\CentroVisionSync"
set "ANSWER=%TEMP%\centrovision-uninstall-%RANDOM%%RANDOM%.txt"

rem What is read while it is deleted would end in the middle: out of the program folder it goes on as a copy.
if /i not "%~dp0"=="%PROGRAM%\install\" goto arguments_begin
copy /y "%~f0" "%ANSWER%.bat" >nul
"%ANSWER%.bat" %*

:arguments_begin
set "DRY_RUN="
set "PURGE="
set "SURE="
set "SPOKEN=%CENTROVISION_SYNC_LANG%"
:arguments
if "%~1"=="" goto arguments_read
if /i "%~1"=="--dry-run" set "DRY_RUN=yes" & shift & goto arguments
if /i "%~1"=="--purge" set "PURGE=yes" & shift & goto arguments
if /i "%~1"=="--yes" set "SURE=yes" & shift & goto arguments
if /i "%~1"=="--lang" set "SPOKEN=%~2" & shift & shift & goto arguments
echo uninstall_windows.bat [--purge] [--yes] [--dry-run] [--lang es^|en]
if /i "%~1"=="--help" exit /b 0
exit /b 2
:arguments_read
if not defined SPOKEN for /f "tokens=3" %%L in ('%SYSTEM%\reg.exe query "HKCU\Control Panel\International" /v LocaleName 2^>nul') do set "SPOKEN=%%L"
set "LANGUAGE=en"
if /i "%SPOKEN:~0,2%"=="es" set "LANGUAGE=es"
setlocal EnableDelayedExpansion

set "FAILED=2"
if not defined DRY_RUN mkdir "!PROGRAM!.probe" >nul 2>&1
if not exist "!PROGRAM!.probe\" if not defined DRY_RUN (
    set "ES=Hace falta ser administrador: clic derecho, Ejecutar como administrador. No se puede escribir en !BASE!."
    set "EN=This needs an administrator: right click, Run as administrator. !BASE! can not be written."
    goto die
)
if not defined DRY_RUN rmdir "!PROGRAM!.probe" >nul 2>&1
if not defined PURGE goto sure
if defined SURE goto sure
if defined DRY_RUN goto sure
set "ES=Se borran tambien config.toml, con la clave, y el registro. Escriba si para seguir:"
set "EN=config.toml with the key and the log are deleted, too. Type yes to go on:"
call :say
set "REPLY="
set /p "REPLY=> "
if /i "!REPLY!"=="si" goto sure
if /i "!REPLY!"=="yes" goto sure
set "ES=No se cambio nada. Si nadie puede contestar, agregue --yes."
set "EN=Nothing was changed. Where nobody can answer, add --yes."
goto die
:sure

set "FAILED=1"
set "CHANGED="
call :look_at_service
if not "!STATE!"=="absent" (
    set "ES=Detiene el servicio, lo que esta en camino termina, y lo quita de Windows"
    set "EN=Stops the service, what is under way ends, and takes it out of Windows"
    set "DO=remove_service"
    call :step
    if errorlevel 1 (
        set "ES=El servicio no se detuvo; no se quito nada. Vea: sc query CentroVisionSync"
        set "EN=The service did not stop; nothing was removed. See: sc query CentroVisionSync"
        goto die
    )
)
for %%P in (.new .gone .old) do if exist "!PROGRAM!%%P\" (
    set "PLACE=!PROGRAM!%%P"
    call :remove_place
)
if defined PURGE (
    set "PLACE=!PROGRAM!"
    call :remove_place
    set "PLACE=!DATA!\log"
    call :remove_place
    set "PLACE=!DATA!\failed-upgrade"
    call :remove_place
    rem Backups and study files may be there: only when it is empty.
    if not defined DRY_RUN rmdir "!DATA!" >nul 2>&1
) else (
    for %%P in (bin docs hawtio lib sql routes\templates) do (
        set "PLACE=!PROGRAM!\%%P"
        call :remove_place
    )
    if not defined DRY_RUN del /q "!PROGRAM!\*.md" "!PROGRAM!\routes\*.yaml" "!PROGRAM!\install\*.*" >nul 2>&1
)
if exist "!PROGRAM!\bin\" if not defined DRY_RUN (
    set "ES=Otro programa tiene abierto algo de !PROGRAM!; cierrelo y pruebe otra vez."
    set "EN=Another program has something of !PROGRAM! open; close it and try again."
    goto die
)
if defined DRY_RUN (
    set "ES=Solo se miro; no se cambio nada."
    set "EN=This was a look; nothing was changed."
    call :say
) else if not defined CHANGED (
    set "ES=No habia nada que quitar."
    set "EN=There was nothing to remove."
    call :done
) else if defined PURGE (
    set "ES=Quitado del todo. La base de datos de la clinica y sus copias de seguridad siguen."
    set "EN=All is gone. The clinic's database and its backups are still there."
    call :done
) else (
    set "ES=Quitado. Siguen config.toml en !PROGRAM!\config, el registro y la base de datos de la clinica."
    set "EN=Removed. config.toml in !PROGRAM!\config, the log and the clinic's database are still there."
    call :done
)
set "FAILED=0"
goto end

rem --- Steps and questions.

:remove_service
"%SYSTEM%\sc.exe" stop CentroVisionSync >nul 2>&1
for /l %%N in (1,1,60) do (
    if not "!STATE!"=="stopped" (
        call :second
        call :look_at_service
    )
)
if not "!STATE!"=="stopped" exit /b 1
"%SYSTEM%\sc.exe" delete CentroVisionSync >nul 2>&1
for /l %%N in (1,1,10) do (
    if not "!STATE!"=="absent" (
        call :second
        call :look_at_service
    )
)
"%SYSTEM%\reg.exe" delete "HKLM\SOFTWARE\WOW6432Node\Apache Software Foundation\ProcRun 2.0\CentroVisionSync" /f >nul 2>&1
exit /b 0

:remove_place
if not exist "!PLACE!\" exit /b 0
set "ES=Quita !PLACE!"
set "EN=Removes !PLACE!"
set "DO=remove_folder"
call :step
exit /b 0

:remove_folder
rmdir /s /q "!PLACE!" >nul 2>&1
exit /b 0

:look_at_service
rem The words of the states are English in every Windows, what stands before them is not.
set "STATE=absent"
"%SYSTEM%\sc.exe" query CentroVisionSync >"!ANSWER!" 2>&1
if errorlevel 1 goto looked
set "STATE=moving"
"%SYSTEM%\find.exe" "RUNNING" "!ANSWER!" >nul 2>&1
if not errorlevel 1 set "STATE=running"
"%SYSTEM%\find.exe" " STOPPED" "!ANSWER!" >nul 2>&1
if not errorlevel 1 set "STATE=stopped"
:looked
del "!ANSWER!" >nul 2>&1
exit /b 0

:second
"%SYSTEM%\ping.exe" -n 2 127.0.0.1 >nul 2>&1
exit /b 0

rem --- Words. A text stands in ES and EN, a step's own label in DO; a dry run only says what the step is.

:step
set "CHANGED=yes"
if defined DRY_RUN (
    set "MARK=.."
) else (
    set "MARK=->"
)
call :tell
if defined DRY_RUN exit /b 0
call :%DO%
if errorlevel 1 exit /b 1
exit /b 0

:say
set "MARK=  "
goto tell

:done
set "MARK=OK"
goto tell

:tell
if "%LANGUAGE%"=="es" (
    echo !MARK! !ES!
) else (
    echo !MARK! !EN!
)
exit /b 0

:die
set "MARK=ERROR"
call :tell 1>&2
:end
del "!ANSWER!" >nul 2>&1
exit /b %FAILED%
