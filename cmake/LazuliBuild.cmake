# What every target of our own is compiled with.

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(LAZULI_CCACHE ccache)
  if(LAZULI_CCACHE)
    # The sloppiness is what ccache asks for with precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${LAZULI_CCACHE}")
  endif()
endif()

function(lazuli_own_code target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -fno-math-errno -fno-trapping-math -fno-semantic-interposition -ffunction-sections -fdata-sections)
  if(LAZULI_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # 64-byte vectors in template arguments lose an attribute, harmlessly; Highway makes many.
    target_compile_options(${target} PRIVATE -Wno-ignored-attributes -Wno-psabi)
  endif()
  if(LAZULI_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)  # g++ warns about the standard library's own code under sanitizers
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE")
    target_link_options(${target} PRIVATE LINKER:--gc-sections)
  endif()
endfunction()

if(LAZULI_SANITIZE)
  set(lazuli_sanitizers -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_compile_options(${lazuli_sanitizers})
  add_link_options(${lazuli_sanitizers})
endif()
