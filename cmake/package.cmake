# The Debian package: what `cmake --install` brings and, for the service, its
# unit, account, configuration and papers. Built by the preset `package`, which
# sets the prefix and the folder of the catalogues as they are once installed.
option(BIHUAN_PACKAGE "install unit, account, configuration and papers" OFF)
if(NOT BIHUAN_PACKAGE)
  return()
endif()

install(FILES packaging/bihuand.conf DESTINATION /etc/bihuan)
install(FILES packaging/bihuan.service DESTINATION /lib/systemd/system)
install(FILES packaging/bihuan.sysusers DESTINATION lib/sysusers.d
        RENAME bihuan.conf)
install(FILES packaging/bihuand.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES packaging/bihuan.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
# where Debian's zsh looks
install(FILES ${BIHUAN_SHARE}/zsh/site-functions/_bihuan
        DESTINATION share/zsh/vendor-completions)
file(GLOB papers CONFIGURE_DEPENDS README.md README.zh-CN.md docs/*.md)
install(FILES ${papers} DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME bihuan)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Bihuan maintainers <bihuan@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "requests of enterprises to a county and their time limits")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"An enterprise files a request, the Party committee of its industry chain
dispatches it, departments accept and handle it, the enterprise evaluates.
Limits run in statutory Chinese working time; what is late is never erased.
One daemon, one database file, a command line client and a C library.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "passwd, util-linux (>= 2.38), init-system-helpers")
# whom the client and the webhooks believe, unless they are told otherwise
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(file postinst prerm postrm conffiles triggers)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
       ${CMAKE_SOURCE_DIR}/packaging/debian/${file})
endforeach()
include(CPack)
