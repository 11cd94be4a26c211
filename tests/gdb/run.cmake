# GDB, PROGRAM, LIBRARY, SCRIPT. With a shared library the script is found beside it, as an installed one is; with a static one it is sourced.
if(NOT GDB)
  message("SKIPPED: there is no gdb")
  return()
endif()
execute_process(COMMAND "${GDB}" -batch -nx -ex "python print(6 * 7)" OUTPUT_VARIABLE answer ERROR_QUIET)
if(NOT answer MATCHES "42")
  message("SKIPPED: gdb has no Python")
  return()
endif()
set(load -ex "source ${SCRIPT}")
if(LIBRARY MATCHES "\\.so")
  file(REAL_PATH "${LIBRARY}" real)
  get_filename_component(folder "${real}" DIRECTORY)
  configure_file("${SCRIPT}" "${real}-gdb.py" COPYONLY)
  set(load -iex "add-auto-load-safe-path ${folder}")
endif()
execute_process(COMMAND "${GDB}" -batch -nx ${load} -ex "break look" -ex run -ex "print x" -ex "print sizes" -ex "print net" -ex up -ex "print half" -ex "print brain"
  -ex "print whole" -ex "print flags" -ex "print z" -ex "print nothing" -ex "print meta" -ex "print long_one" -ex "print net.scale" "${PROGRAM}"
  OUTPUT_VARIABLE output ERROR_VARIABLE errors)
if(errors MATCHES "ptrace|not permitted")
  message("SKIPPED: this system does not let gdb run a program: ${errors}")
  return()
endif()
foreach(expected IN ITEMS
    "$1 = Tensor float32 [3, 2] {0, 3, 1, 4, 2, 5}" "$2 = [2, 3, 4]" "Net" "fc1" "$4 = Tensor float16 [2] {1.5, 1.5}" "$5 = Tensor bfloat16 [] {2.5}"
    "$6 = Tensor int64 [20] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...}" "$7 = Tensor bool [2] {true, false}" "$8 = Tensor complex64 [1] {0j}" "$9 = Tensor undefined"
    "$10 = Tensor float32 [2, 2] on meta:0" "$11 = [1, 1, 1, 1, 1, 1, 1, 1]" "$12 = Tensor float32 [1], requires_grad {1}")
  string(FIND "${output}" "${expected}" at)
  if(at LESS 0)
    message(FATAL_ERROR "gdb did not print '${expected}' but:\n${output}\n${errors}")
  endif()
endforeach()
