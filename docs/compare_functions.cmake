# Holds PAGE against what PROGRAM writes.
execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE made COMMAND_ERROR_IS_FATAL ANY)
file(READ "${PAGE}" page)
if(NOT made STREQUAL page)
  message(FATAL_ERROR "${PAGE} is not what the table of operators has: ${PROGRAM} > ${PAGE}")
endif()
