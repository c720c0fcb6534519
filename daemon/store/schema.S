/* The SQL texts inside the program: symbols schema_sql .. schema_sql_end. Each
 * ends in a NUL. */
    .section .rodata
    .global schema_sql
    .type schema_sql, %object
schema_sql:
    .incbin "daemon/store/schema.sql"
    .byte 0
    .size schema_sql, . - schema_sql
    .section .note.GNU-stack, "", %progbits
