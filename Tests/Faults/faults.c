// Makes calls of the C library fail, in a program that has this loaded by LD_PRELOAD.
//
//   CONVOY_FAULT='call=write from=3 to=3 errno=28 counts=FILE' LD_PRELOAD=.../faults.so TOOL
//
//   call=NAME     which calls: a name of `names` below
//   from= to=     the first and the last of them that fail, counted from 1
//   errno=        how; -1: no failure, but one byte only is read or written
//   piece=        the most bytes of any read or write, so that there are many of them
//   idle=1        input never waits: before each read a tool writes out what it has
//   large=        allocations of so many bytes are `memory`, others `small`; mappings count from that size
//   counts=FILE   4096 bytes that are there already: a `struct count` for each name is kept in it
//
// A call that fails does nothing, but for close, which closes. What goes to standard error is left alone, and
// programs that the tool starts are: the variables are taken from the environment.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum call {
  READ, WRITE, OPEN, CLOSE, FSYNC, RENAME, UNLINK, FOLDER, STAT, SEEK, SIZE, LOCK, MODE, MAP, MEMORY, SMALL, THREAD,
  SPAWN, SOCKET, CALLS
};
static const char *const names[CALLS] = {
  "read", "write", "open", "close", "fsync", "rename", "unlink", "folder", "stat", "seek", "size", "lock", "mode",
  "map", "memory", "small", "thread", "spawn", "socket",
};

struct count {
  char name[16];
  _Atomic uint64_t calls, failed;
};

static struct count *counts;
static int chosen = -1, error;
static long first, last, piece, idle, large;

static long number(const char *text, const char *key, long otherwise) {
  const char *found = strstr(text, key);
  return found ? strtol(found + strlen(key), NULL, 10) : otherwise;
}

__attribute__((constructor)) static void start(void) {
  const char *text = getenv("CONVOY_FAULT");
  if (!text) return;
  const char *path = strstr(text, "counts=");
  char file[4096];
  if (!path || sscanf(path + 7, "%4095s", file) != 1) return;
  int descriptor = open(file, O_RDWR | O_CLOEXEC);
  void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (memory == MAP_FAILED) abort();
  for (int i = 0; i < CALLS; i++) {
    strncpy(((struct count *)memory)[i].name, names[i], 15);
    const char *call = strstr(text, "call=");
    size_t length = strlen(names[i]);
    if (call && !strncmp(call + 5, names[i], length) && strchr(" ", call[5 + length])) chosen = i;
  }
  first = number(text, "from=", 0);
  last = number(text, "to=", 0);
  error = (int)number(text, "errno=", EIO);
  piece = number(text, "piece=", 0);
  idle = number(text, "idle=", 0);
  large = number(text, "large=", 0);
  unsetenv("CONVOY_FAULT");
  unsetenv("LD_PRELOAD");
  counts = memory;
}

/// Counts a call; whether it is to fail.
static int fails(enum call call) {
  if (!counts) return 0;
  long n = (long)atomic_fetch_add(&counts[call].calls, 1) + 1;
  if ((int)call != chosen || n < first || n > last) return 0;
  atomic_fetch_add(&counts[call].failed, 1);
  if (error > 0) errno = error;
  return 1;
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

/// How much of a read or write is done: 0 where it fails.
static size_t part(enum call call, size_t count) {
  size_t most = counts && piece && count > (size_t)piece ? (size_t)piece : count;
  if (!fails(call)) return most;
  return error < 0 && most ? 1 : 0;
}

#define MOVE(call, count, action)                 \
  size_t some = part(call, count);                \
  if (!some && count) return -1;                  \
  return action;

ssize_t read(int file, void *bytes, size_t count) { MOVE(READ, count, REAL(read)(file, bytes, some)) }
ssize_t pread(int file, void *bytes, size_t count, off_t at) {
  MOVE(READ, count, REAL(pread)(file, bytes, some, at))
}
ssize_t write(int file, const void *bytes, size_t count) {
  if (file == 2) return REAL(write)(file, bytes, count);
  MOVE(WRITE, count, REAL(write)(file, bytes, some))
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  MOVE(WRITE, count, REAL(pwrite)(file, bytes, some, at))
}

ssize_t recv(int file, void *bytes, size_t count, int flags) {
  MOVE(READ, count, REAL(recv)(file, bytes, some, flags))
}
ssize_t send(int file, const void *bytes, size_t count, int flags) {
  MOVE(WRITE, count, REAL(send)(file, bytes, some, flags))
}

int poll(struct pollfd *files, nfds_t count, int timeout) {
  return counts && idle && timeout == 0 ? 0 : REAL(poll)(files, count, timeout);
}

#define MODE_ARGUMENT                                      \
  mode_t mode = 0;                                         \
  if (flags & (O_CREAT | __O_TMPFILE)) {                   \
    va_list more;                                          \
    va_start(more, flags);                                 \
    mode = va_arg(more, mode_t);                           \
    va_end(more);                                          \
  }

int open(const char *path, int flags, ...) {
  MODE_ARGUMENT
  return fails(OPEN) ? -1 : REAL(open)(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE_ARGUMENT
  return fails(OPEN) ? -1 : REAL(openat)(folder, path, flags, mode);
}
int mkstemp(char *path) { return fails(OPEN) ? -1 : REAL(mkstemp)(path); }
DIR *opendir(const char *path) { return fails(OPEN) ? NULL : REAL(opendir)(path); }
FILE *fopen(const char *path, const char *mode) { return fails(OPEN) ? NULL : REAL(fopen)(path, mode); }
int close(int file) {
  int failed = fails(CLOSE), code = errno, result = REAL(close)(file);
  if (!failed) return result;
  errno = code;
  return -1;
}

#define SIMPLE(call, name, parameters, ...) \
  int name parameters { return fails(call) ? -1 : REAL(name)(__VA_ARGS__); }

SIMPLE(FSYNC, fsync, (int file), file)
SIMPLE(FSYNC, fdatasync, (int file), file)
SIMPLE(RENAME, rename, (const char *from, const char *to), from, to)
SIMPLE(RENAME, link, (const char *from, const char *to), from, to)
SIMPLE(
  RENAME, linkat, (int folder, const char *from, int other, const char *to, int flags), folder, from, other, to, flags)
SIMPLE(UNLINK, unlink, (const char *path), path)
SIMPLE(UNLINK, rmdir, (const char *path), path)
SIMPLE(FOLDER, mkdir, (const char *path, mode_t mode), path, mode)
SIMPLE(STAT, stat, (const char *path, struct stat *status), path, status)
SIMPLE(STAT, lstat, (const char *path, struct stat *status), path, status)
SIMPLE(STAT, fstat, (int file, struct stat *status), file, status)
SIMPLE(SIZE, ftruncate, (int file, off_t size), file, size)
SIMPLE(LOCK, flock, (int file, int operation), file, operation)
SIMPLE(MODE, fchmod, (int file, mode_t mode), file, mode)
SIMPLE(MODE, fchown, (int file, uid_t owner, gid_t group), file, owner, group)
SIMPLE(SOCKET, socket, (int domain, int type, int protocol), domain, type, protocol)
SIMPLE(SOCKET, bind, (int file, const struct sockaddr *address, socklen_t size), file, address, size)
SIMPLE(SOCKET, listen, (int file, int backlog), file, backlog)
SIMPLE(SOCKET, accept, (int file, struct sockaddr *address, socklen_t *size), file, address, size)
// Not epoll_ctl: libdispatch, in every tool with threads, ends the process where that fails as it starts.
SIMPLE(SOCKET, pipe, (int ends[2]), ends)
SIMPLE(SOCKET, pipe2, (int ends[2], int flags), ends, flags)
SIMPLE(SPAWN, fork, (void))
off_t lseek(int file, off_t at, int from) { return fails(SEEK) ? -1 : REAL(lseek)(file, at, from); }

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*body)(void *), void *given) {
  return fails(THREAD) ? EAGAIN : REAL(pthread_create)(thread, how, body, given);
}
int posix_spawn(
  pid_t *process, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *how,
  char *const words[], char *const variables[]) {
  return fails(SPAWN) ? error : REAL(posix_spawn)(process, path, actions, how, words, variables);
}

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t at) {
  if (counts && size >= (size_t)large && fails(MAP)) return MAP_FAILED;
  return REAL(mmap)(place, size, protection, flags, file, at);
}

// dlsym allocates: the C library's own names are used.
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
  *__libc_memalign(size_t, size_t);
static int refuses(size_t size) { return counts && fails(size >= (size_t)large ? MEMORY : SMALL); }
// Small ones of Swift's runtime and of Dispatch, which they do not look at, do not count.
static int refusesLarge(size_t size) { return counts && size >= (size_t)large && fails(MEMORY); }

void *malloc(size_t size) { return refuses(size) ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) {
  return refusesLarge(count * size) ? NULL : __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) { return refusesLarge(size) ? NULL : __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) {
  return refusesLarge(size) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (refuses(size)) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}
