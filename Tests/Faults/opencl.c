// An OpenCL library in place of the system's, which passes on every call but the one that is to fail.
//
// CONVOY_OPENCL names this library, CONVOY_OPENCL_REAL the one behind it, and CONVOY_OPENCL_FAULT the call,
// which of its calls and the code it gives: "clFinish 1 -36". Calls that give an object give none then.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Arguments are whole numbers and pointers, each in a register or a place of its own.
typedef long (*function)(long, long, long, long, long, long, long, long, long);

static int fails(const char *name, int *code) {
  static int count;
  char wanted[64];
  int number;
  const char *fault = getenv("CONVOY_OPENCL_FAULT");
  if (!fault || sscanf(fault, "%63s %d %d", wanted, &number, code) != 3) return 0;
  return strcmp(wanted, name) == 0 && ++count == number;
}

static long pass(const char *name, int error_at, long a[9]) {
  int code;
  if (fails(name, &code)) {
    if (error_at < 0) return code;
    if (a[error_at]) *(int *)a[error_at] = code;
    return 0;
  }
  static void *library;
  if (!library) library = dlopen(getenv("CONVOY_OPENCL_REAL"), RTLD_NOW | RTLD_LOCAL);
  if (!library) return -1001;
  function real;
  *(void **)&real = dlsym(library, name);
  return real(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
}

#define PASS(name, error_at)                                                                          \
  long name(long a, long b, long c, long d, long e, long f, long g, long h, long i) {                \
    long list[9] = {a, b, c, d, e, f, g, h, i};                                                       \
    return pass(#name, error_at, list);                                                               \
  }

PASS(clGetPlatformIDs, -1)
PASS(clGetDeviceIDs, -1)
PASS(clGetPlatformInfo, -1)
PASS(clGetDeviceInfo, -1)
PASS(clGetProgramInfo, -1)
PASS(clGetEventInfo, -1)
PASS(clGetEventProfilingInfo, -1)
PASS(clGetProgramBuildInfo, -1)
PASS(clCreateContext, 5)
PASS(clCreateCommandQueue, 3)
PASS(clCreateBuffer, 4)
PASS(clCreateProgramWithSource, 4)
PASS(clCreateProgramWithBinary, 6)
PASS(clBuildProgram, -1)
PASS(clCreateKernel, 2)
PASS(clSetKernelArg, -1)
PASS(clEnqueueNDRangeKernel, -1)
PASS(clEnqueueReadBuffer, -1)
PASS(clEnqueueWriteBuffer, -1)
PASS(clFinish, -1)
PASS(clFlush, -1)
PASS(clReleaseContext, -1)
PASS(clReleaseCommandQueue, -1)
PASS(clReleaseMemObject, -1)
PASS(clReleaseProgram, -1)
PASS(clReleaseKernel, -1)
PASS(clReleaseEvent, -1)
