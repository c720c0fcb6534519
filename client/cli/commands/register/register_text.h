/* Texts of a table as they are meant. All results are new, heap. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_TEXT_H
#define BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_TEXT_H

/* A code: half width, without blanks. */
char *text_code(const char *text);
/* A name: letters and digits half width; 张　三 becomes 张三, "Ever Green"
 * stays. */
char *text_name(const char *text);
/* For comparing: half width, lower case, without blanks. */
char *text_folded(const char *text);

/* The place of a text in a list a|b|c, -1 if it is not there. */
int text_place(const char *list, const char *text);

#endif
