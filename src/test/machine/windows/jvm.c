/* Stands for jvm.dll: tells in C:\stub\log.txt how prunsrv makes the JVM and what it calls, and is the service: start lasts until stop.
 * With a jar named -ends in its class path it ends Java with 0, as a wrong configuration does. */
#define _JNI_IMPLEMENTATION_
#include <jni.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static struct JNINativeInterface_ functions;
static const struct JNINativeInterface_ *environment = &functions;
static struct JNIInvokeInterface_ invocations;
static const struct JNIInvokeInterface_ *machine = &invocations;
static char names[64][256];
static int named;
static HANDLE asked;
static char path[4096];
static void (JNICALL *ended)(jint);

static void tell(const char *format, ...) {
    char line[4096];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    FILE *log = fopen("C:\\stub\\log.txt", "a");
    if (log) {
        fprintf(log, "jvm %s\n", line);
        fclose(log);
    }
}

static void *name(const char *text) {
    if (named == 64) named = 0;
    strncpy(names[named], text, 255);
    return names[named++];
}

static jint JNICALL version(JNIEnv *env) { (void) env; return JNI_VERSION_1_8; }
static jclass JNICALL find(JNIEnv *env, const char *text) { (void) env; return name(text); }
static jobject JNICALL keep(JNIEnv *env, jobject object) { (void) env; return object; }
static void JNICALL drop(JNIEnv *env, jobject object) { (void) env; (void) object; }
static jthrowable JNICALL nothing(JNIEnv *env) { (void) env; return NULL; }
static void JNICALL quiet(JNIEnv *env) { (void) env; }
static jboolean JNICALL no(JNIEnv *env) { (void) env; return JNI_FALSE; }
static jmethodID JNICALL method(JNIEnv *env, jclass class, const char *text, const char *signature) {
    (void) env;
    char whole[256];
    snprintf(whole, sizeof whole, "%s.%s%s", (char *) class, text, signature);
    return name(whole);
}
static jobjectArray JNICALL array(JNIEnv *env, jsize size, jclass class, jobject first) {
    (void) env; (void) size; (void) class; (void) first;
    return name("array");
}
static void JNICALL put(JNIEnv *env, jobjectArray to, jsize at, jobject value) { (void) env; (void) to; (void) at; (void) value; }
static jstring JNICALL text(JNIEnv *env, const jchar *letters, jsize size) { (void) env; (void) letters; (void) size; return name("text"); }
static jstring JNICALL utf(JNIEnv *env, const char *letters) { (void) env; return name(letters); }
static jobject JNICALL make(JNIEnv *env, jclass class, jmethodID constructor, va_list values) {
    (void) env; (void) constructor; (void) values;
    return name((char *) class);
}

static void call(const char *what) {
    tell("call %s", what);
    if (strstr(what, ".stop(")) {
        SetEvent(asked);
    }
    if (strstr(what, ".start(")) {
        FreeConsole(); /* prunsrv ends its conhost.exe at a stop, on which Wine's waits for ever */
        if (strstr(path, "-ends")) {
            tell("exits");
            ended(0);
            /* By the C library that jvm.dll and prunsrv share. */
            ((void (*)(int)) (void *) GetProcAddress(GetModuleHandleA("ucrtbase.dll"), "exit"))(0);
        }
        WaitForSingleObject(asked, INFINITE);
        tell("start returns");
    }
}
static void JNICALL callv(JNIEnv *env, jclass class, jmethodID what, va_list values) { (void) env; (void) class; (void) values; call((char *) what); }
static void JNICALL callm(JNIEnv *env, jclass class, jmethodID what, ...) { (void) env; (void) class; call((char *) what); }

static jint JNICALL destroy(JavaVM *vm) { (void) vm; tell("destroyed"); return JNI_OK; }
static jint JNICALL attach(JavaVM *vm, void **env, void *arguments) { (void) vm; (void) arguments; *env = &environment; return JNI_OK; }
static jint JNICALL detach(JavaVM *vm) { (void) vm; return JNI_OK; }
static jint JNICALL of_thread(JavaVM *vm, void **env, jint version) { (void) vm; (void) version; *env = &environment; return JNI_OK; }

/* Whatever else is called ends the test, in which it would be missing. */
static void JNICALL unexpected(void) { tell("unexpected call"); TerminateProcess(GetCurrentProcess(), 9); }

JNIEXPORT jint JNICALL JNI_GetDefaultJavaVMInitArgs(void *arguments) { (void) arguments; return JNI_OK; }
JNIEXPORT jint JNICALL JNI_GetCreatedJavaVMs(JavaVM **vms, jsize size, jsize *count) {
    (void) size;
    *count = asked != NULL;
    if (asked) vms[0] = &machine;
    return JNI_OK;
}
JNIEXPORT jint JNICALL JNI_CreateJavaVM(JavaVM **vm, void **env, void *arguments) {
    JavaVMInitArgs *given = arguments;
    void **slots = (void **) &functions;
    for (size_t i = 0; i < sizeof functions / sizeof(void *); i++) slots[i] = (void *) unexpected;
    functions.GetVersion = version;
    functions.FindClass = find;
    functions.NewGlobalRef = keep;
    functions.NewLocalRef = keep;
    functions.DeleteGlobalRef = drop;
    functions.DeleteLocalRef = drop;
    functions.ExceptionOccurred = nothing;
    functions.ExceptionDescribe = quiet;
    functions.ExceptionClear = quiet;
    functions.ExceptionCheck = no;
    functions.GetMethodID = method;
    functions.GetStaticMethodID = method;
    functions.NewObjectArray = array;
    functions.SetObjectArrayElement = put;
    functions.NewString = text;
    functions.NewStringUTF = utf;
    functions.NewObjectV = make;
    functions.CallStaticVoidMethod = callm;
    functions.CallStaticVoidMethodV = callv;
    invocations.DestroyJavaVM = destroy;
    invocations.AttachCurrentThread = attach;
    invocations.AttachCurrentThreadAsDaemon = attach;
    invocations.DetachCurrentThread = detach;
    invocations.GetEnv = of_thread;
    asked = CreateEvent(NULL, TRUE, FALSE, NULL);
    for (int i = 0; i < given->nOptions; i++) {
        tell("option %s", given->options[i].optionString);
        if (!strcmp(given->options[i].optionString, "exit")) ended = (void (JNICALL *)(jint)) given->options[i].extraInfo;
        if (strstr(given->options[i].optionString, "class.path")) strncpy(path, given->options[i].optionString, sizeof path - 1);
    }
    *vm = &machine;
    *env = &environment;
    return JNI_OK;
}
