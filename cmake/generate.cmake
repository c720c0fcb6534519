# What is generated: from commands.def the command part of docs/protocol.md,
# the shells' completions and the OpenRPC document; from client/po the message
# catalogues. All of it lands under share/ in the build tree, laid out as it is
# installed, so that a program started from the build tree finds it too.
set(BIHUAN_SHARE ${CMAKE_BINARY_DIR}/share)
set(BIHUAN_LOCALE_DIR ${BIHUAN_SHARE}/locale CACHE PATH
    "where the CLI looks for its message catalogues; a package sets its own")
target_compile_definitions(cli PUBLIC
  BIHUAN_LOCALE_DIR="${BIHUAN_LOCALE_DIR}")

set(generated)

# bihuan_generate(PROGRAM KIND FILE): FILE holds what PROGRAM KIND prints.
macro(bihuan_generate program kind file)
  get_filename_component(folder ${BIHUAN_SHARE}/${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${BIHUAN_SHARE}/${file}
    COMMAND ${program} ${kind} > ${BIHUAN_SHARE}/${file}
    DEPENDS ${program} VERBATIM)
  list(APPEND generated ${BIHUAN_SHARE}/${file})
endmacro()

add_executable(gen_docs proto/gen_docs.c)
target_link_libraries(gen_docs PRIVATE proto bihuan_flags)
bihuan_generate(gen_docs openrpc bihuan/openrpc.json)
add_executable(gen_completion proto/gen_completion.c)
target_link_libraries(gen_completion PRIVATE proto bihuan_flags)
bihuan_generate(gen_completion bash bash-completion/completions/bihuan)
bihuan_generate(gen_completion zsh zsh/site-functions/_bihuan)

find_program(MSGFMT msgfmt)
file(GLOB catalogues CONFIGURE_DEPENDS client/po/*.po)
foreach(catalogue ${catalogues})
  if(NOT MSGFMT)
    message(FATAL_ERROR "msgfmt is missing: scripts/setup build installs it")
  endif()
  get_filename_component(language ${catalogue} NAME_WE)
  set(folder ${BIHUAN_SHARE}/locale/${language}/LC_MESSAGES)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${folder}/bihuan.mo
    COMMAND ${MSGFMT} --check -o ${folder}/bihuan.mo ${catalogue}
    DEPENDS ${catalogue} VERBATIM)
  list(APPEND generated ${folder}/bihuan.mo)
endforeach()

add_custom_target(share ALL DEPENDS ${generated})
