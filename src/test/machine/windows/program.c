/* Stands for programs of Windows that Wine lacks or only pretends to have, by the name that it is called with; each tells in
 * C:\stub\log.txt how it was called. java: versions from C:\stub\java.txt, the service's state from C:\stub\status.txt. icacls: nothing
 * else. fc: compares. sc: what Wine's own (sc-wine.exe) can not, and that one for the rest. */
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static void show(const char *file, FILE *to) {
    int letter;
    FILE *from = fopen(file, "r");
    if (!from) return;
    while ((letter = fgetc(from)) != EOF) fputc(letter, to);
    fclose(from);
}

static int ends_with(const char *file, int otherwise) {
    int code = otherwise;
    FILE *from = fopen(file, "r");
    if (!from) return otherwise;
    if (fscanf(from, "%d", &code) != 1) code = otherwise;
    fclose(from);
    return code;
}

/* Not with a jar named -sick in the program. */
static int healthy(void) {
    return GetFileAttributesA("C:\\Program Files\\CentroVisionSync\\lib\\centrovision-sync-9-sick.jar") == INVALID_FILE_ATTRIBUTES;
}

static int java(int count, char **words) {
    int last = count - 1;
    if (count > 1 && !strcmp(words[last], "-version")) {
        FILE *asked = fopen("C:\\stub\\java.txt", "r");
        if (!asked) return 1;
        fclose(asked);
        if (count > 2) show("C:\\stub\\properties.txt", stderr);
        show("C:\\stub\\java.txt", stderr);
        return 0;
    }
    for (int i = 1; i < count; i++) printf("[%s]\n", words[i]);
    for (int i = 1; i < count; i++)
        if (!strcmp(words[i], "status")) show(healthy() ? "C:\\stub\\status.txt" : "C:\\stub\\sick.txt", stdout);
    return ends_with("C:\\stub\\java-ends.txt", 0);
}

static int fc(int count, char **words) {
    int first, second;
    FILE *one = fopen(words[count - 2], "rb"), *other = fopen(words[count - 1], "rb");
    if (!one || !other) return 2;
    do {
        first = fgetc(one);
        second = fgetc(other);
    } while (first == second && first != EOF);
    return first != second;
}

static int sc(int count, char **words) {
    char command[2048] = "C:\\windows\\system32\\sc-wine.exe";
    if (!strcmp(words[1], "config") || !strcmp(words[1], "failureflag")) return ends_with("C:\\stub\\sc-ends.txt", 0);
    for (int i = 1; i < count; i++) sprintf(command + strlen(command), " \"%s\"", words[i]);
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    DWORD code = 1;
    if (!CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process)) return 1;
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return code;
}

int main(int count, char **words) {
    char self[MAX_PATH];
    GetModuleFileNameA(NULL, self, MAX_PATH);
    char *name = strrchr(self, '\\') + 1;
    if (_stricmp(name, "fc.exe")) {
        FILE *log = fopen("C:\\stub\\log.txt", "a");
        if (log) {
            fprintf(log, "%s", name);
            for (int i = 1; i < count; i++) fprintf(log, " [%s]", words[i]);
            fprintf(log, "\n");
            fclose(log);
        }
    }
    if (!_stricmp(name, "fc.exe")) return fc(count, words);
    if (!_stricmp(name, "sc.exe")) return sc(count, words);
    if (!_stricmp(name, "icacls.exe")) return ends_with("C:\\stub\\icacls-ends.txt", 0);
    return java(count, words);
}
