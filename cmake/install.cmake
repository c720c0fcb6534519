# `cmake --install`: programs and libbihuan.so install where they are defined
# (cmake/layers.cmake); here the header, bihuan.pc for pkg-config, catalogues and
# completions. Nothing carries an rpath: the library belongs where the loader
# looks anyway.
set(CMAKE_SKIP_INSTALL_RPATH ON)

file(GLOB header CONFIGURE_DEPENDS client/bihuan.h)
if(header)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
file(RELATIVE_PATH BIHUAN_PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/bihuan.pc.in ${CMAKE_BINARY_DIR}/bihuan.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/bihuan.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(DIRECTORY ${BIHUAN_SHARE}/ DESTINATION ${CMAKE_INSTALL_DATADIR}
        OPTIONAL)
