# Every flag of the project in one place, carried by the interface target
# bihuan_flags that each of our own targets links privately.
add_library(bihuan_flags INTERFACE)

target_compile_options(bihuan_flags INTERFACE
  $<$<COMPILE_LANGUAGE:C>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow>
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes>
  $<$<COMPILE_LANGUAGE:C>:-Wformat=2;-Wimplicit-fallthrough;-Wvla;-Werror>
  $<$<COMPILE_LANGUAGE:C>:SHELL:-include ${CMAKE_SOURCE_DIR}/core/banned.h>)
target_compile_definitions(bihuan_flags INTERFACE _POSIX_C_SOURCE=200809L
  BIHUAN_VERSION="${PROJECT_VERSION}")

if(BIHUAN_SANITIZE)
  string(REPLACE ";" "," sanitizers "${BIHUAN_SANITIZE}")
  target_compile_options(bihuan_flags INTERFACE
    -fsanitize=${sanitizers} -fno-omit-frame-pointer)
  target_link_options(bihuan_flags INTERFACE -fsanitize=${sanitizers})
  if(NOT BIHUAN_SANITIZE STREQUAL "thread")
    target_compile_options(bihuan_flags INTERFACE -fno-sanitize-recover=all)
  endif()
endif()

# The libraries count their edges for libFuzzer; only the fuzz programs
# themselves link its main().
if(BIHUAN_FUZZ)
  target_compile_options(bihuan_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(BIHUAN_COVERAGE)
  target_compile_options(bihuan_flags INTERFACE --coverage -O0)
  target_link_options(bihuan_flags INTERFACE --coverage)
endif()

# Hardening of every build for use: the OpenSSF list as far as gcc 12 takes it;
# assertions stay in.
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_options(bihuan_flags INTERFACE
    -UNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-clash-protection
    -fstack-protector-strong -fno-delete-null-pointer-checks
    -fno-strict-overflow -fno-strict-aliasing
    $<$<C_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>
    $<$<AND:$<C_COMPILER_ID:GNU>,$<COMPILE_LANGUAGE:C>>:-Wtrampolines>)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(bihuan_flags INTERFACE -fcf-protection=full)
  endif()
  target_link_options(bihuan_flags INTERFACE
    -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
    $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>
    $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>:-Wl,-z,defs>)
endif()
