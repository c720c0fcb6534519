/* The SQL texts inside the program: schema_sql, the whole present schema, and
 * the numbered changes that bring an older file to it. Each ends in a NUL. */
    .section .rodata
    .macro sql_text symbol, file
    .global \symbol
    .type \symbol, %object
\symbol:
    .incbin "\file"
    .byte 0
    .size \symbol, . - \symbol
    .endm
    sql_text schema_sql, daemon/store/schema.sql
    sql_text migration_002_sql, daemon/store/migrations/002.sql
    sql_text migration_003_sql, daemon/store/migrations/003.sql
    .section .note.GNU-stack, "", %progbits
