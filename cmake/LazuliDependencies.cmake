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
if(NOT TARGET Lazuli::turbojpeg)
  find_library(LAZULI_TURBOJPEG_LIBRARY NAMES turbojpeg)
  find_path(LAZULI_TURBOJPEG_INCLUDE_DIR NAMES turbojpeg.h)
  mark_as_advanced(LAZULI_TURBOJPEG_LIBRARY LAZULI_TURBOJPEG_INCLUDE_DIR)
  if(LAZULI_TURBOJPEG_LIBRARY AND LAZULI_TURBOJPEG_INCLUDE_DIR)
    add_library(Lazuli::turbojpeg INTERFACE IMPORTED)
    set_target_properties(Lazuli::turbojpeg PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${LAZULI_TURBOJPEG_INCLUDE_DIR}")
    target_link_libraries(Lazuli::turbojpeg INTERFACE "${LAZULI_TURBOJPEG_LIBRARY}")
  endif()
endif()
# Optional: the patterns of tokenizers.
if(NOT TARGET Lazuli::pcre2)
  find_library(LAZULI_PCRE2_LIBRARY NAMES pcre2-8)
  find_path(LAZULI_PCRE2_INCLUDE_DIR NAMES pcre2.h)
  mark_as_advanced(LAZULI_PCRE2_LIBRARY LAZULI_PCRE2_INCLUDE_DIR)
  if(LAZULI_PCRE2_LIBRARY AND LAZULI_PCRE2_INCLUDE_DIR)
    add_library(Lazuli::pcre2 INTERFACE IMPORTED)
    set_target_properties(Lazuli::pcre2 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${LAZULI_PCRE2_INCLUDE_DIR}")
    target_link_libraries(Lazuli::pcre2 INTERFACE "${LAZULI_PCRE2_LIBRARY}")
  endif()
endif()

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
