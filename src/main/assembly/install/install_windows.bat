@echo off
rem Installs this unpacked image as the Windows service CentroVisionSync, or upgrades the one that is installed. A second run changes
rem nothing. What the clinic wrote (config.toml, changed and removed table files) stays; a new version that does not become healthy
rem gives way to the one before. To be run as administrator:
rem     install_windows.bat [--dry-run] [--lang es^|en]
rem Ends with 0, with 2 where something has to be put right first (nothing was changed), with 1 after anything else.
rem
rem Plain ASCII, as a console's code page is not known. Programs of Windows are called by their whole names: a command prompt looks
rem into its own folder first, and this one is run by an administrator in a folder of downloads. Folders from outside are kept in
rem variables that are expanded last (exclamation marks), so that no sign in a name is taken for a command.
setlocal EnableExtensions DisableDelayedExpansion
set "SYSTEM=%SystemRoot%\System32"
for %%I in ("%~dp0..") do set "IMAGE=%%~fI"
set "SELF=%~f0"
set "BASE=%ProgramFiles%"
if defined ProgramW6432 set "BASE=%ProgramW6432%"
set "PROGRAM=%BASE%\CentroVisionSync"
set "DATA=%ProgramData%\CentroVisionSync"
set "PATIENCE=%CENTROVISION_SYNC_PATIENCE_SECONDS%"
if not defined PATIENCE set "PATIENCE=90"
set "ANSWER=%TEMP%\centrovision-install-%RANDOM%%RANDOM%.txt"
set "NEEDED_MB=400"

rem Who may read the configuration: administrators, the system, and the service's own account by its number, which is made of its
rem name; names of groups are other ones in a Spanish Windows.
set "ADMINISTRATORS=*S-1-5-32-544"
set "LOCAL_SYSTEM=*S-1-5-18"
set "SERVICE=*S-1-5-80-3607306027-1881964273-249514834-1950498835-1940225443"

set "DRY_RUN="
set "SPOKEN=%CENTROVISION_SYNC_LANG%"
:arguments
if "%~1"=="" goto arguments_read
if /i "%~1"=="--dry-run" set "DRY_RUN=yes" & shift & goto arguments
if /i "%~1"=="--lang" set "SPOKEN=%~2" & shift & shift & goto arguments
echo install_windows.bat [--dry-run] [--lang es^|en]
if /i "%~1"=="--help" exit /b 0
exit /b 2
:arguments_read
if not defined SPOKEN for /f "tokens=3" %%L in ('%SYSTEM%\reg.exe query "HKCU\Control Panel\International" /v LocaleName 2^>nul') do set "SPOKEN=%%L"
set "LANGUAGE=en"
if /i "%SPOKEN:~0,2%"=="es" set "LANGUAGE=es"

rem --- Java, before anything with an exclamation mark in its name could lose it.

set "JAVA_EXE="
if defined JAVA_HOME set "JAVA_EXE=%JAVA_HOME:"=%\bin\java.exe"
if not defined JAVA_EXE for %%I in (java.exe) do set "JAVA_EXE=%%~$PATH:I"
set "JAVA_DIR="
set "JAVA_VERSION=0"
set "JAVA_ARCH="
if not defined JAVA_EXE goto java_read
"%JAVA_EXE%" -XshowSettings:properties -version >"%ANSWER%" 2>&1
for /f "usebackq tokens=1,* delims== " %%A in ("%ANSWER%") do (
    if "%%A"=="java.home" set "JAVA_DIR=%%B"
    if "%%A"=="os.arch" set "JAVA_ARCH=%%B"
    if "%%A"=="java.specification.version" for /f "delims=." %%V in ("%%B") do set "JAVA_VERSION=%%V"
)
del "%ANSWER%" >nul 2>&1
:java_read
rem The service's account can not read a user's folder, and what stands there the user could exchange.
set "JAVA_OF_USER="
if defined JAVA_DIR if not "%JAVA_DIR:\Users\=%"=="%JAVA_DIR%" set "JAVA_OF_USER=yes"
rem The last line says what is free; a number of 32 bits is too short for it, but not for millions of it.
set "FREE=000000"
for /f "tokens=3" %%B in ('dir /-c "%BASE%" 2^>nul') do set "FREE=%%B"
set "FREE_MB=%FREE:~0,-6%"
if not defined FREE_MB set "FREE_MB=0"
rem How much of a name is the image's folder.
set "SKIP=1"
set "REST=%IMAGE%"
:measure
set "REST=%REST:~1%"
set /a SKIP+=1
if defined REST goto measure
setlocal EnableDelayedExpansion

rem --- What has to be there first. Nothing is changed before all of it was looked at.

set "FAILED=2"
if /i "!IMAGE!"=="!PROGRAM!" (
    set "ES=Ejecute el instalador desde la carpeta desempacada, no desde !PROGRAM!."
    set "EN=Run the installer from the unpacked folder, not from !PROGRAM!."
    goto die
)
set "MISSING="
for %%P in (bin\centrovision-sync.bat bin\CentroVisionSync.exe config\application.properties config\config.toml.example routes\tables routes\up.camel.yaml sql\migrations install\service.bat) do if not exist "!IMAGE!\%%P" set "MISSING=%%P"
if not exist "!IMAGE!\lib\centrovision-sync-*.jar" set "MISSING=lib\centrovision-sync-*.jar"
if defined MISSING (
    set "ES=Falta !MISSING!: el paquete no se desempaco completo. Desempaquelo de nuevo."
    set "EN=!MISSING! is missing: the archive was not unpacked whole. Unpack it again."
    goto die
)
if not defined JAVA_DIR (
    set "ES=No se encontro Java. Instale Java 17 o mas nuevo, de 64 bits y para todos los usuarios, o indique JAVA_HOME."
    set "EN=Java was not found. Install Java 17 or newer, 64 bits and for all users, or set JAVA_HOME."
    goto die
)
if %JAVA_VERSION% LSS 17 (
    set "ES=Java !JAVA_VERSION! es muy viejo; hace falta 17 o mas nuevo: !JAVA_DIR!"
    set "EN=Java !JAVA_VERSION! is too old; 17 or newer is needed: !JAVA_DIR!"
    goto die
)
if not exist "!JAVA_DIR!\bin\server\jvm.dll" (
    set "ES=A este Java le falta bin\server\jvm.dll: !JAVA_DIR!"
    set "EN=This Java lacks bin\server\jvm.dll: !JAVA_DIR!"
    goto die
)
if not "!JAVA_ARCH!"=="amd64" (
    set "ES=Hace falta Java de 64 bits para x64; este es !JAVA_ARCH!: !JAVA_DIR!"
    set "EN=A Java of 64 bits for x64 is needed; this one is !JAVA_ARCH!: !JAVA_DIR!"
    goto die
)
if defined JAVA_OF_USER (
    set "ES=Este Java es de un solo usuario; instale uno para todos: !JAVA_DIR!"
    set "EN=This Java is one user's; install one for all users: !JAVA_DIR!"
    goto die
)
rem Whoever may not make a folder there is no administrator; on a dry run that does not matter.
if not defined DRY_RUN mkdir "!PROGRAM!.probe" >nul 2>&1
if not exist "!PROGRAM!.probe\" if not defined DRY_RUN (
    set "ES=Hace falta ser administrador: clic derecho, Ejecutar como administrador. No se puede escribir en !BASE!."
    set "EN=This needs an administrator: right click, Run as administrator. !BASE! can not be written."
    goto die
)
if not defined DRY_RUN rmdir "!PROGRAM!.probe" >nul 2>&1
if %FREE_MB% LSS %NEEDED_MB% (
    set "ES=En !BASE! quedan !FREE_MB! MB libres; hacen falta !NEEDED_MB!."
    set "EN=!BASE! has !FREE_MB! MB left; !NEEDED_MB! are needed."
    goto die
)
rem Anybody may make a folder in ProgramData; a link there would lead the service's files elsewhere.
set "LINK="
for /f "delims=" %%L in ('dir /al /b "!ProgramData!" 2^>nul') do if /i "%%L"=="CentroVisionSync" set "LINK=!DATA!"
for /f "delims=" %%L in ('dir /al /b "!DATA!" 2^>nul') do if /i "%%L"=="log" set "LINK=!DATA!\log"
if defined LINK (
    set "ES=!LINK! es un enlace a otro lugar; quitelo primero."
    set "EN=!LINK! is a link to another place; remove it first."
    goto die
)

rem --- What an installation that was broken off left behind. The folder .old is whole, and is the version that is known to work;
rem .new and .gone are never of use again.

set "FAILED=1"
set "NEW=!PROGRAM!.new"
set "OLD=!PROGRAM!.old"
set "GONE=!PROGRAM!.gone"
set "CENTROVISION_SYNC_HOME="
set "JAVA_OPTS="
set "CHANGED="
set "INTERRUPTED="
if exist "!OLD!\" if not exist "!PROGRAM!\" (
    set "ES=Recupera el programa de una instalacion interrumpida"
    set "EN=Takes back the program of an installation that was broken off"
    set "DO=take_back"
    call :step
    if errorlevel 1 goto in_use
    set "CHANGED=yes"
)
if exist "!OLD!\" if exist "!PROGRAM!\" (
    set "ES=Una actualizacion anterior se interrumpio; se termina ahora."
    set "EN=An upgrade was broken off before; it is finished now."
    call :warn
    set "INTERRUPTED=yes"
    set "CHANGED=yes"
)

set "HAD_PROGRAM="
if exist "!PROGRAM!\bin\" set "HAD_PROGRAM=yes"
call :look_at_service
set "WAS_RUNNING="
set "WORKED="
if "!STATE!"=="running" set "WAS_RUNNING=yes"
if "!STATE!"=="moving" set "WAS_RUNNING=yes"
if defined WAS_RUNNING (
    call :works
    if not errorlevel 1 set "WORKED=yes"
)
if defined INTERRUPTED if exist "!PROGRAM!\config\config.toml" set "WAS_RUNNING=yes"

rem --- The program.

call :is_this_version
if not errorlevel 1 (
    set "ES=El programa ya es esta version."
    set "EN=The program is this version already."
    call :done
    goto program_there
)
set "CHANGED=yes"
set "ES=Copia el programa a !NEW!"
set "EN=Copies the program to !NEW!"
set "DO=copy_program"
call :step
if errorlevel 1 (
    rmdir /s /q "!NEW!" >nul 2>&1
    set "ES=No se pudo copiar a !NEW!: disco lleno o sin permiso. No se cambio nada."
    set "EN=!NEW! could not be written: the disk is full or closed. Nothing was changed."
    goto die
)
if defined WAS_RUNNING (
    set "ES=Detiene el servicio; lo que esta en camino termina"
    set "EN=Stops the service; what is under way ends"
    set "DO=stop_service"
    call :step
    if errorlevel 1 (
        rmdir /s /q "!NEW!" >nul 2>&1
        set "ES=El servicio no se detuvo; no se cambio nada. Vea: sc query CentroVisionSync"
        set "EN=The service did not stop; nothing was changed. See: sc query CentroVisionSync"
        goto die
    )
)
if exist "!PROGRAM!\" (
    set "ES=Pasa la configuracion y las tablas de la clinica a la version nueva"
    set "EN=Takes the configuration and the clinic's tables over to the new version"
    set "DO=keep_clinic_files"
    call :step
    if errorlevel 1 (
        rmdir /s /q "!NEW!" >nul 2>&1
        if defined WAS_RUNNING call :start_service
        set "ES=La configuracion no se pudo copiar; sigue la version anterior."
        set "EN=The configuration could not be copied; the version before stays."
        goto die
    )
)
set "ES=Pone el programa en !PROGRAM!"
set "EN=Puts the program into !PROGRAM!"
set "DO=swap"
call :step
if errorlevel 1 goto in_use

:program_there
set "REGISTER=!CHANGED!"
if "!STATE!"=="absent" set "REGISTER=yes"
if not defined REGISTER goto registered
set "CHANGED=yes"
set "ES=Prepara !DATA!, para administradores y el servicio"
set "EN=Prepares !DATA!, for administrators and the service"
set "DO=prepare_data"
call :step
if errorlevel 1 goto not_registered
set "ES=Registra el servicio CentroVisionSync: arranca con el equipo y se levanta solo si falla"
set "EN=Registers the service CentroVisionSync: it starts with the machine, and anew when it fails"
set "DO=register"
call :step
if errorlevel 1 goto not_registered
:registered

if defined DRY_RUN (
    set "ES=Solo se miro; no se cambio nada."
    set "EN=This was a look; nothing was changed."
    call :say
    exit /b 0
)
if not exist "!PROGRAM!\config\config.toml" (
    call :drop_old
    set "ES=Instalado. Lo que sigue, como administrador: "!PROGRAM!\bin\centrovision-sync.bat" setup"
    set "EN=Installed. What comes next, as administrator: "!PROGRAM!\bin\centrovision-sync.bat" setup"
    call :done
    exit /b 0
)
if not defined CHANGED (
    set "ES=Todo estaba ya instalado; no se cambio nada."
    set "EN=All was installed already; nothing was changed."
    call :done
    exit /b 0
)
if not defined WAS_RUNNING (
    call :drop_old
    set "ES=Instalado. El servicio arranca con: net start CentroVisionSync"
    set "EN=Installed. The service starts with: net start CentroVisionSync"
    call :done
    exit /b 0
)
set "ES=Arranca la version nueva y espera hasta !PATIENCE! s"
set "EN=Starts the new version and waits up to !PATIENCE! s"
set "DO=start_service"
call :step
call :becomes_healthy
if errorlevel 1 goto roll_back
call :drop_old
set "ES=Actualizado; el servicio trabaja."
set "EN=Upgraded; the service works."
call :done
exit /b 0

rem --- What went wrong.

:in_use
rmdir /s /q "!NEW!" >nul 2>&1
if defined WAS_RUNNING call :start_service
set "ES=Otro programa tiene abierto algo de !PROGRAM!; cierrelo y pruebe otra vez. Sigue la version anterior."
set "EN=Another program has something of !PROGRAM! open; close it and try again. The version before stays."
goto die

:not_registered
if defined HAD_PROGRAM goto roll_back
call :delete_service
move "!PROGRAM!" "!GONE!" >nul 2>&1
if exist "!OLD!\" move "!OLD!" "!PROGRAM!" >nul 2>&1
rmdir /s /q "!GONE!" >nul 2>&1
set "ES=Windows no registro el servicio; no quedo instalado nada. Lo que dice: !DATA!\log"
set "EN=Windows did not register the service; nothing was installed. What it says: !DATA!\log"
goto die

:roll_back
set "ES=La version nueva no quedo funcionando; vuelve la anterior."
set "EN=The new version did not become healthy; the one before comes back."
call :warn
call :stop_service
xcopy "!DATA!\log" "!DATA!\failed-upgrade" /E /I /Y /Q >nul 2>&1
if not exist "!OLD!\" (
    set "ES=No hay version anterior a la que volver. Por que fallo: !DATA!\failed-upgrade"
    set "EN=There is no version before to go back to. Why it failed: !DATA!\failed-upgrade"
    goto die
)
move "!PROGRAM!" "!GONE!" >nul 2>&1
if exist "!PROGRAM!\" goto in_use
move "!OLD!" "!PROGRAM!" >nul 2>&1
rmdir /s /q "!GONE!" >nul 2>&1
call :register
if not defined WAS_RUNNING goto rolled_back
call :start_service
set "PATIENCE=60"
set "WORKED="
call :becomes_healthy
if errorlevel 1 (
    set "ES=Tampoco la anterior quedo funcionando. Vea !DATA!\log y !DATA!\failed-upgrade"
    set "EN=Nor does the one before work now. See !DATA!\log and !DATA!\failed-upgrade"
    goto die
)
:rolled_back
set "ES=La version anterior trabaja de nuevo. Por que fallo la nueva: !DATA!\failed-upgrade"
set "EN=The version before works again. Why the new one failed: !DATA!\failed-upgrade"
goto die

rem --- Steps. Each ends with 1 where it failed. xcopy and fc are asked for their exit codes, move and mkdir by what is there then.

:take_back
move "!OLD!" "!PROGRAM!" >nul 2>&1
if not exist "!PROGRAM!\" exit /b 1
exit /b 0

:copy_program
rmdir /s /q "!NEW!" >nul 2>&1
rmdir /s /q "!GONE!" >nul 2>&1
if exist "!NEW!\" exit /b 1
xcopy "!IMAGE!" "!NEW!" /E /I /Y /Q /H >nul
if errorlevel 1 exit /b 1
if exist "!NEW!\config\config.toml" del "!NEW!\config\config.toml"
xcopy "!IMAGE!\routes\tables" "!NEW!\install\shipped-tables" /E /I /Y /Q >nul
if errorlevel 1 exit /b 1
rem Closed before a secret is in it.
"%SYSTEM%\icacls.exe" "!NEW!\config" /inheritance:r /grant:r "%ADMINISTRATORS%:(OI)(CI)F" "%LOCAL_SYSTEM%:(OI)(CI)F" "%SERVICE%:(OI)(CI)RX" /Q >nul
if errorlevel 1 exit /b 1
exit /b 0

:keep_clinic_files
if exist "!PROGRAM!\config\" (
    xcopy "!PROGRAM!\config" "!NEW!\config" /E /I /Y /Q /H >nul
    if errorlevel 1 exit /b 1
    copy /y "!IMAGE!\config\application.properties" "!NEW!\config\application.properties" >nul
    if errorlevel 1 exit /b 1
    copy /y "!IMAGE!\config\config.toml.example" "!NEW!\config\config.toml.example" >nul
    if errorlevel 1 exit /b 1
    if exist "!PROGRAM!\config\config.toml" if not exist "!NEW!\config\config.toml" exit /b 1
)
if not exist "!PROGRAM!\routes\tables\" exit /b 0
rem The clinic's own stand; of the new version's, those that the clinic has left as they were shipped, or never had.
rmdir /s /q "!NEW!\routes\tables" >nul 2>&1
mkdir "!NEW!\routes\tables" >nul 2>&1
xcopy "!PROGRAM!\routes\tables" "!NEW!\routes\tables" /E /I /Y /Q /H >nul
if errorlevel 1 exit /b 1
setlocal DisableDelayedExpansion
set "BROKEN="
for /f "delims=" %%F in ('dir /b /a-d "%IMAGE%\routes\tables\*.yaml" 2^>nul') do (
    set "NAME=%%F"
    call :table_of_image
)
if defined BROKEN exit /b 1
exit /b 0

:table_of_image
call :table_file
if errorlevel 1 set "BROKEN=yes"
exit /b 0

:table_file
setlocal EnableDelayedExpansion
set "LIVE=!PROGRAM!\routes\tables\!NAME!"
set "SHIPPED=!PROGRAM!\install\shipped-tables\!NAME!"
set "NEXT=!IMAGE!\routes\tables\!NAME!"
if not exist "!LIVE!" (
    if exist "!SHIPPED!" exit /b 0
    copy /y "!NEXT!" "!NEW!\routes\tables\!NAME!" >nul
    if errorlevel 1 exit /b 1
    exit /b 0
)
set "FIRST=!LIVE!"
set "SECOND=!SHIPPED!"
call :same
if not errorlevel 1 (
    copy /y "!NEXT!" "!NEW!\routes\tables\!NAME!" >nul
    if errorlevel 1 exit /b 1
    exit /b 0
)
set "FIRST=!NEXT!"
if not exist "!SHIPPED!" set "SECOND=!LIVE!"
call :same
if errorlevel 1 (
    set "ES=La tabla !NAME! se cambio aqui y queda como esta; la version nueva trae otra."
    set "EN=The table !NAME! was changed here and stays; the new version brings another."
    call :warn
)
exit /b 0

:swap
if defined INTERRUPTED (
    move "!PROGRAM!" "!GONE!" >nul 2>&1
) else if exist "!PROGRAM!\" (
    move "!PROGRAM!" "!OLD!" >nul 2>&1
)
if exist "!PROGRAM!\" exit /b 1
move "!NEW!" "!PROGRAM!" >nul 2>&1
if exist "!PROGRAM!\" exit /b 0
if not defined INTERRUPTED if exist "!OLD!\" move "!OLD!" "!PROGRAM!" >nul 2>&1
if defined INTERRUPTED move "!GONE!" "!PROGRAM!" >nul 2>&1
exit /b 1

:drop_old
rem First by another name: a folder .old is always whole.
if exist "!OLD!\" move "!OLD!" "!GONE!" >nul 2>&1
rmdir /s /q "!GONE!" >nul 2>&1
exit /b 0

:prepare_data
mkdir "!DATA!\log" >nul 2>&1
if not exist "!DATA!\log\" exit /b 1
"%SYSTEM%\icacls.exe" "!DATA!" /setowner "%ADMINISTRATORS%" /T /C /Q >nul
"%SYSTEM%\icacls.exe" "!DATA!" /inheritance:r /grant:r "%ADMINISTRATORS%:(OI)(CI)F" "%LOCAL_SYSTEM%:(OI)(CI)F" "%SERVICE%:(OI)(CI)M" /Q >nul
if errorlevel 1 exit /b 1
"%SYSTEM%\icacls.exe" "!DATA!\*" /reset /T /C /Q >nul
exit /b 0

:register
call "!PROGRAM!\install\service.bat"
if errorlevel 1 exit /b 1
exit /b 0

:start_service
"%SYSTEM%\sc.exe" start CentroVisionSync >nul 2>&1
exit /b 0

:stop_service
"%SYSTEM%\sc.exe" stop CentroVisionSync >nul 2>&1
set "LOOKS=0"
:look_whether_stopped
call :look_at_service
if "!STATE!"=="stopped" exit /b 0
if "!STATE!"=="absent" exit /b 0
call :second
set /a LOOKS+=1
if not "!LOOKS!"=="60" goto look_whether_stopped
exit /b 1

:delete_service
"%SYSTEM%\sc.exe" delete CentroVisionSync >nul 2>&1
set "LOOKS=0"
:look_whether_deleted
call :second
call :look_at_service
if "!STATE!"=="absent" exit /b 0
set /a LOOKS+=1
if not "!LOOKS!"=="45" goto look_whether_deleted
exit /b 1

:becomes_healthy
rem Running, and where the version before worked, working; for ten looks one after another, and for as many again as it took to
rem say so: its first word comes before its start is over. Without a word, for thirty.
set "GOOD=0"
set "LOOKS=0"
set "DOWN=0"
set "BEFORE=0"
set "SETTLE=10"
if not defined WORKED set "SETTLE=30"
:look_again
call :second
call :look_at_service
if "!STATE!"=="running" set "DOWN=0"
if "!STATE!"=="stopped" set /a DOWN+=1
if "!DOWN!"=="3" exit /b 1
if "!STATE!"=="absent" exit /b 1
set "HEALTH=!STATE!"
if not defined WORKED goto looked_well
call :works
if errorlevel 1 set "HEALTH=not yet"
:looked_well
set /a GOOD+=1
set /a LOOKS+=1
if not "!HEALTH!"=="running" (
    set "GOOD=0"
    set "BEFORE=!LOOKS!"
)
set /a ENOUGH=SETTLE+BEFORE
if !GOOD! geq !ENOUGH! exit /b 0
if not "!LOOKS!"=="!PATIENCE!" goto look_again
if !GOOD! geq 10 exit /b 0
exit /b 1

rem --- Questions.

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

:works
rem Its own word: it has found the clinic's database and works.
setlocal
set "JAVA_HOME=!JAVA_DIR!"
call "!PROGRAM!\bin\centrovision-sync.bat" status --json >"!ANSWER!" 2>nul
set "WELL="
for %%M in (supabase local offline) do (
    "%SYSTEM%\find.exe" """mode"":""%%M""" "!ANSWER!" >nul 2>&1
    if not errorlevel 1 set "WELL=yes"
)
del "!ANSWER!" >nul 2>&1
if defined WELL exit /b 0
exit /b 1

:is_this_version
rem Every file, byte by byte; the tables as they were shipped, not as the clinic may have changed them.
if not exist "!PROGRAM!\bin\" exit /b 1
setlocal DisableDelayedExpansion
set "DIFFERENT="
set "FILE="
for /r "%IMAGE%" %%F in (*) do (
    set "FILE=%%F"
    call :is_installed
)
if not defined FILE exit /b 1
if defined DIFFERENT exit /b 1
exit /b 0

:is_installed
if defined DIFFERENT exit /b 0
call set "PART=%%FILE:~%SKIP%%%"
if /i "%PART%"=="config\config.toml" exit /b 0
set "FIRST=%FILE%"
set "SECOND=%PROGRAM%\%PART%"
if /i "%PART:~0,14%"=="routes\tables\" set "SECOND=%PROGRAM%\install\shipped-tables\%PART:~14%"
call :same_there
if errorlevel 1 set "DIFFERENT=yes"
exit /b 0

:same_there
setlocal EnableDelayedExpansion
:same
if not exist "!SECOND!" exit /b 1
"%SYSTEM%\fc.exe" /b "!FIRST!" "!SECOND!" >nul 2>&1
if errorlevel 1 exit /b 1
exit /b 0

:second
"%SYSTEM%\ping.exe" -n 2 127.0.0.1 >nul 2>&1
exit /b 0

rem --- Words. A text stands in ES and EN, a step's own label in DO; a dry run only says what the step is.

:step
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

:warn
set "MARK=*"
call :tell 1>&2
exit /b 0

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
del "!ANSWER!" >nul 2>&1
exit /b %FAILED%
