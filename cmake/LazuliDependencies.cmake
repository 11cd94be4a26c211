# What the library links, found the same way by its own build and by a project that uses an installed Lazuli.
# LAZULI_DNNL_HINT may name a folder with oneDNN 3 that is used when the system has none.

find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(hwy REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(PNG QUIET)  # pictures of training runs; they are an Error where it is not there

find_package(dnnl 3 CONFIG QUIET)
if(NOT dnnl_FOUND AND LAZULI_DNNL_HINT)
  find_package(dnnl 3 CONFIG QUIET PATHS "${LAZULI_DNNL_HINT}" NO_DEFAULT_PATH)
endif()
if(NOT dnnl_FOUND)
  message(FATAL_ERROR "Lazuli needs oneDNN 3 and found none (looked in the system and in '${LAZULI_DNNL_HINT}'). "
    "Run scripts/setup.sh in Lazuli's folder, or pass -Ddnnl_DIR=<folder of dnnl-config.cmake>.")
endif()

# OpenBLAS: the OpenMP build where the distribution has it apart, so that one thread pool serves everything.
if(NOT TARGET Lazuli::blas)
  set(lazuli_blas_folders "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp" /usr/lib/openblas-openmp)
  find_library(LAZULI_OPENBLAS_LIBRARY NAMES openblas PATHS ${lazuli_blas_folders} NO_DEFAULT_PATH)
  find_library(LAZULI_OPENBLAS_LIBRARY NAMES openblas openblaso)
  find_path(LAZULI_CBLAS_INCLUDE_DIR NAMES cblas.h HINTS "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp"
    "/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}" PATH_SUFFIXES openblas)
  find_library(LAZULI_LAPACKE_LIBRARY NAMES lapacke)
  find_path(LAZULI_LAPACKE_INCLUDE_DIR NAMES lapacke.h PATH_SUFFIXES openblas)
  mark_as_advanced(LAZULI_OPENBLAS_LIBRARY LAZULI_CBLAS_INCLUDE_DIR LAZULI_LAPACKE_LIBRARY LAZULI_LAPACKE_INCLUDE_DIR)
  if(NOT LAZULI_OPENBLAS_LIBRARY OR NOT LAZULI_CBLAS_INCLUDE_DIR OR NOT LAZULI_LAPACKE_INCLUDE_DIR)
    message(FATAL_ERROR "Lazuli needs OpenBLAS (its OpenMP build) and LAPACKE with their headers; run scripts/setup.sh or install them.")
  endif()
  add_library(Lazuli::blas INTERFACE IMPORTED)
  set_target_properties(Lazuli::blas PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${LAZULI_CBLAS_INCLUDE_DIR};${LAZULI_LAPACKE_INCLUDE_DIR}")
  if(LAZULI_LAPACKE_LIBRARY)  # some builds of OpenBLAS hold LAPACKE themselves
    target_link_libraries(Lazuli::blas INTERFACE "${LAZULI_LAPACKE_LIBRARY}")
  endif()
  target_link_libraries(Lazuli::blas INTERFACE "${LAZULI_OPENBLAS_LIBRARY}")
endif()

# Optional: image files.
find_package(PNG QUIET)
# A library without a CMake package of its own: the target Lazuli::NAME, where library and header are found.
function(lazuli_find_optional name library header)
  if(TARGET Lazuli::${name})
    return()
  endif()
  string(TOUPPER ${name} variable)
  find_library(LAZULI_${variable}_LIBRARY NAMES ${library})
  find_path(LAZULI_${variable}_INCLUDE_DIR NAMES ${header})
  mark_as_advanced(LAZULI_${variable}_LIBRARY LAZULI_${variable}_INCLUDE_DIR)
  if(LAZULI_${variable}_LIBRARY AND LAZULI_${variable}_INCLUDE_DIR)
    add_library(Lazuli::${name} INTERFACE IMPORTED)
    set_target_properties(Lazuli::${name} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${LAZULI_${variable}_INCLUDE_DIR}")
    target_link_libraries(Lazuli::${name} INTERFACE "${LAZULI_${variable}_LIBRARY}")
  endif()
endfunction()
lazuli_find_optional(turbojpeg turbojpeg turbojpeg.h)
# Optional: the patterns of tokenizers.
lazuli_find_optional(pcre2 pcre2-8 pcre2.h)
# Optional: the normal forms of texts that some tokenizers ask for.
lazuli_find_optional(utf8proc utf8proc utf8proc.h)

set(LAZULI_PRIVATE_DEPENDENCIES fmt::fmt hwy::hwy DNNL::dnnl Lazuli::blas ZLIB::ZLIB nlohmann_json::nlohmann_json OpenMP::OpenMP_CXX Threads::Threads
  ${CMAKE_DL_LIBS})
if(PNG_FOUND)
  list(APPEND LAZULI_PRIVATE_DEPENDENCIES PNG::PNG)
endif()
if(TARGET Lazuli::turbojpeg)
  list(APPEND LAZULI_PRIVATE_DEPENDENCIES Lazuli::turbojpeg)
endif()
if(TARGET Lazuli::pcre2)
  list(APPEND LAZULI_PRIVATE_DEPENDENCIES Lazuli::pcre2)
endif()
if(TARGET Lazuli::utf8proc)
  list(APPEND LAZULI_PRIVATE_DEPENDENCIES Lazuli::utf8proc)
endif()
