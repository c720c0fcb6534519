# `cmake --install`: programs and libbihuan.so install where they are defined
# (cmake/layers.cmake); here the header, catalogues and completions. Nothing
# carries an rpath: the library belongs where the loader looks anyway.
set(CMAKE_SKIP_INSTALL_RPATH ON)

file(GLOB header CONFIGURE_DEPENDS client/bihuan.h)
if(header)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
install(DIRECTORY ${BIHUAN_SHARE}/ DESTINATION ${CMAKE_INSTALL_DATADIR}
        OPTIONAL)
