#include "lazuli/backends/opencl/library.h"

#include "lazuli/core/file.h"

namespace lazuli::opencl {
namespace {

bool load(Library& l) {
  files::SharedObject o({"libOpenCL.so.1", "libOpenCL.so"});
  return o.there() && o.find(l.GetPlatformIDs, "clGetPlatformIDs") && o.find(l.GetDeviceIDs, "clGetDeviceIDs") &&
         o.find(l.GetDeviceInfo, "clGetDeviceInfo") && o.find(l.CreateContext, "clCreateContext") &&
         o.find(l.CreateCommandQueue, "clCreateCommandQueue") && o.find(l.ReleaseCommandQueue, "clReleaseCommandQueue") &&
         o.find(l.CreateBuffer, "clCreateBuffer") && o.find(l.ReleaseMemObject, "clReleaseMemObject") &&
         o.find(l.EnqueueWriteBuffer, "clEnqueueWriteBuffer") && o.find(l.EnqueueReadBuffer, "clEnqueueReadBuffer") &&
         o.find(l.EnqueueCopyBuffer, "clEnqueueCopyBuffer") && o.find(l.EnqueueMarkerWithWaitList, "clEnqueueMarkerWithWaitList") &&
         o.find(l.EnqueueBarrierWithWaitList, "clEnqueueBarrierWithWaitList") && o.find(l.WaitForEvents, "clWaitForEvents") &&
         o.find(l.ReleaseEvent, "clReleaseEvent") && o.find(l.GetEventInfo, "clGetEventInfo") &&
         o.find(l.GetEventProfilingInfo, "clGetEventProfilingInfo") && o.find(l.Finish, "clFinish") && o.find(l.Flush, "clFlush") &&
         o.find(l.CreateProgramWithSource, "clCreateProgramWithSource") && o.find(l.CreateProgramWithBinary, "clCreateProgramWithBinary") &&
         o.find(l.BuildProgram, "clBuildProgram") && o.find(l.GetProgramBuildInfo, "clGetProgramBuildInfo") &&
         o.find(l.GetProgramInfo, "clGetProgramInfo") && o.find(l.ReleaseProgram, "clReleaseProgram") && o.find(l.CreateKernel, "clCreateKernel") &&
         o.find(l.SetKernelArg, "clSetKernelArg") && o.find(l.EnqueueNDRangeKernel, "clEnqueueNDRangeKernel");
}

bool load(Blas& b) {
  files::SharedObject o({"libclblast.so.1", "libclblast.so"});
  return o.there() && o.find(b.Sgemm, "CLBlastSgemm") && o.find(b.Dgemm, "CLBlastDgemm") &&
         o.find(b.SgemmStridedBatched, "CLBlastSgemmStridedBatched") && o.find(b.DgemmStridedBatched, "CLBlastDgemmStridedBatched");
}

template <class L>
const L* loaded_once() {
  static const L* found = [] {
    L* l = new L;
    return load(*l) ? l : nullptr;
  }();
  return found;
}

}  // namespace

const Library* Library::get() { return loaded_once<Library>(); }
const Blas* Blas::get() { return loaded_once<Blas>(); }

std::string status_name(int status) {
  switch (status) {
    case CL_DEVICE_NOT_FOUND: return "CL_DEVICE_NOT_FOUND";
    case CL_DEVICE_NOT_AVAILABLE: return "CL_DEVICE_NOT_AVAILABLE";
    case CL_COMPILER_NOT_AVAILABLE: return "CL_COMPILER_NOT_AVAILABLE";
    case CL_MEM_OBJECT_ALLOCATION_FAILURE: return "CL_MEM_OBJECT_ALLOCATION_FAILURE";
    case CL_OUT_OF_RESOURCES: return "CL_OUT_OF_RESOURCES";
    case CL_OUT_OF_HOST_MEMORY: return "CL_OUT_OF_HOST_MEMORY";
    case CL_BUILD_PROGRAM_FAILURE: return "CL_BUILD_PROGRAM_FAILURE";
    case CL_INVALID_VALUE: return "CL_INVALID_VALUE";
    case CL_INVALID_COMMAND_QUEUE: return "CL_INVALID_COMMAND_QUEUE";
    case CL_INVALID_MEM_OBJECT: return "CL_INVALID_MEM_OBJECT";
    case CL_INVALID_KERNEL_ARGS: return "CL_INVALID_KERNEL_ARGS";
    case CL_INVALID_WORK_GROUP_SIZE: return "CL_INVALID_WORK_GROUP_SIZE";
    case CL_INVALID_BUFFER_SIZE: return "CL_INVALID_BUFFER_SIZE";
    default: return "status " + std::to_string(status);
  }
}

}  // namespace lazuli::opencl
