#pragma once
#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <clblast_c.h>

#include <string>

namespace lazuli::opencl {

/// The functions of the OpenCL loader and of CLBlast, found at run time, so that a program starts without either.
struct Library {
  decltype(&clGetPlatformIDs) GetPlatformIDs;
  decltype(&clGetDeviceIDs) GetDeviceIDs;
  decltype(&clGetDeviceInfo) GetDeviceInfo;
  decltype(&clCreateContext) CreateContext;
  decltype(&clCreateCommandQueue) CreateCommandQueue;
  decltype(&clReleaseCommandQueue) ReleaseCommandQueue;
  decltype(&clCreateBuffer) CreateBuffer;
  decltype(&clReleaseMemObject) ReleaseMemObject;
  decltype(&clEnqueueWriteBuffer) EnqueueWriteBuffer;
  decltype(&clEnqueueReadBuffer) EnqueueReadBuffer;
  decltype(&clEnqueueCopyBuffer) EnqueueCopyBuffer;
  decltype(&clEnqueueMarkerWithWaitList) EnqueueMarkerWithWaitList;
  decltype(&clEnqueueBarrierWithWaitList) EnqueueBarrierWithWaitList;
  decltype(&clWaitForEvents) WaitForEvents;
  decltype(&clReleaseEvent) ReleaseEvent;
  decltype(&clGetEventInfo) GetEventInfo;
  decltype(&clGetEventProfilingInfo) GetEventProfilingInfo;
  decltype(&clFinish) Finish;
  decltype(&clFlush) Flush;
  decltype(&clCreateProgramWithSource) CreateProgramWithSource;
  decltype(&clCreateProgramWithBinary) CreateProgramWithBinary;
  decltype(&clBuildProgram) BuildProgram;
  decltype(&clGetProgramBuildInfo) GetProgramBuildInfo;
  decltype(&clGetProgramInfo) GetProgramInfo;
  decltype(&clReleaseProgram) ReleaseProgram;
  decltype(&clCreateKernel) CreateKernel;
  decltype(&clSetKernelArg) SetKernelArg;
  decltype(&clEnqueueNDRangeKernel) EnqueueNDRangeKernel;

  /// Null where the system has no OpenCL.
  static const Library* get();
};

struct Blas {
  decltype(&CLBlastSgemm) Sgemm;
  decltype(&CLBlastDgemm) Dgemm;
  decltype(&CLBlastSgemmStridedBatched) SgemmStridedBatched;
  decltype(&CLBlastDgemmStridedBatched) DgemmStridedBatched;

  /// Null where the system has no CLBlast.
  static const Blas* get();
};

/// What a status of OpenCL or CLBlast means, in its own words ("CL_OUT_OF_RESOURCES").
std::string status_name(int status);

}  // namespace lazuli::opencl
