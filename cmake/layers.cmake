# How a folder becomes a library, and a main.c a program. Folders are globbed:
# a new source file needs no line here.

# The sources of a library, of one folder or more. What a .S file takes in with
# .incbin is not seen by the compiler's dependency scan, so the data files
# beside it stand as its dependencies.
function(bihuan_sources ret folder)
  set(globs)
  foreach(one ${folder} ${ARGN})
    list(APPEND globs ${one}/*.c ${one}/*.S)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${globs})
  list(FILTER sources EXCLUDE REGEX "/main\\.c$|/gen_[a-z_]*\\.c$")
  file(GLOB data CONFIGURE_DEPENDS ${folder}/*.sql ${folder}/*.json
       ${folder}/*.txt ${folder}/migrations/*.sql)
  foreach(source ${sources})
    if(source MATCHES "\\.S$" AND data)
      set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${data}")
    endif()
  endforeach()
  if(NOT sources)
    set(sources ${CMAKE_BINARY_DIR}/empty.c)
    file(WRITE ${sources} "extern int bihuan_empty;\n")
  endif()
  set(${ret} ${sources} PARENT_SCOPE)
endfunction()

function(bihuan_library name folder)
  bihuan_sources(sources ${folder} ${ARGN})
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE bihuan_flags)
endfunction()

function(bihuan_program name main library)
  file(GLOB source CONFIGURE_DEPENDS ${main})
  if(source)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE ${library} bihuan_flags)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endfunction()

# libbihuan.so for other people's programs: the folder's objects and what they
# need of proto, core and LIBRARIES. The map hides every symbol without our
# prefix.
function(bihuan_shared_library name folder objects)
  file(GLOB map CONFIGURE_DEPENDS ${folder}/libbihuan.map)
  if(NOT map)
    return()
  endif()
  add_library(${name} SHARED $<TARGET_OBJECTS:${objects}>)
  target_link_libraries(${name} PRIVATE proto ${ARGN} bihuan_flags)
  target_link_options(${name} PRIVATE -Wl,--version-script=${map})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME bihuan
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LINK_DEPENDS ${map})
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()
