/* The default regulation, taken in from its file as a NUL-ended text. */
    .section .rodata
    .global regulation_default_json
    .type regulation_default_json, %object
    .balign 16
regulation_default_json:
    .incbin "proto/regulation_default.json"
    .byte 0
    .size regulation_default_json, . - regulation_default_json

#if defined(__ELF__)
    .section .note.GNU-stack, "", %progbits
#endif
