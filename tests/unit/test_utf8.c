/* What people may type: every code point, against the lists of the Unicode
 * Character Database 15 (DerivedGeneralCategory, PropList,
 * DerivedCoreProperties), copied property by property and not joined as in the
 * code; and the check of parameters that rests on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/command.h"
#include "proto/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

/* General_Category=Cc */
static const struct range control[] = {{0x0, 0x1F}, {0x7F, 0x9F}};

/* General_Category=Cf */
static const struct range format[] = {
    {0xAD, 0xAD},       {0x600, 0x605},     {0x61C, 0x61C},
    {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
    {0x8E2, 0x8E2},     {0x180E, 0x180E},   {0x200B, 0x200F},
    {0x202A, 0x202E},   {0x2060, 0x2064},   {0x2066, 0x206F},
    {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD},
    {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F}};

/* General_Category=Zl, Zp */
static const struct range separator[] = {{0x2028, 0x2028}, {0x2029, 0x2029}};

/* Default_Ignorable_Code_Point */
static const struct range ignorable[] = {
    {0xAD, 0xAD},      {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},
    {0x17B4, 0x17B5},  {0x180B, 0x180F}, {0x200B, 0x200F},   {0x202A, 0x202E},
    {0x2060, 0x206F},  {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},  {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF}};

/* Variation_Selector */
static const struct range variation[] = {
    {0x180B, 0x180D}, {0x180F, 0x180F}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}};

/* Noncharacter_Code_Point */
static const struct range noncharacter[] = {
    {0xFDD0, 0xFDEF},   {0xFFFE, 0xFFFF},   {0x1FFFE, 0x1FFFF},
    {0x2FFFE, 0x2FFFF}, {0x3FFFE, 0x3FFFF}, {0x4FFFE, 0x4FFFF},
    {0x5FFFE, 0x5FFFF}, {0x6FFFE, 0x6FFFF}, {0x7FFFE, 0x7FFFF},
    {0x8FFFE, 0x8FFFF}, {0x9FFFE, 0x9FFFF}, {0xAFFFE, 0xAFFFF},
    {0xBFFFE, 0xBFFFF}, {0xCFFFE, 0xCFFFF}, {0xDFFFE, 0xDFFFF},
    {0xEFFFE, 0xEFFFF}, {0xFFFFE, 0xFFFFF}, {0x10FFFE, 0x10FFFF}};

/* Bidi_Class=LRE RLE PDF LRO RLO LRI RLI FSI PDI */
static const struct range turning[] = {{0x202A, 0x202E}, {0x2066, 0x2069}};

/* The blocks Tags and what stands reserved behind it; the annotations. */
static const struct range hidden[] = {
    {0xE0000, 0xE00FF}, {0xE01F0, 0xE0FFF}, {0xFFF9, 0xFFFB}};

static bool among(uint32_t c, const struct range *ranges, size_t n)
{
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        found = found || (c >= ranges[i].first && c <= ranges[i].last);
    }
    return found;
}

#define AMONG(c, ranges) among(c, ranges, sizeof(ranges) / sizeof((ranges)[0]))

static bool line_refuses(uint32_t c)
{
    return AMONG(c, control) || AMONG(c, format) || AMONG(c, separator) ||
           AMONG(c, noncharacter) ||
           (AMONG(c, ignorable) && !AMONG(c, variation));
}

static bool free_refuses(uint32_t c)
{
    return (AMONG(c, control) && c != 0x9 && c != 0xA) || AMONG(c, turning) ||
           AMONG(c, hidden) || AMONG(c, noncharacter);
}

static void test_every_character(void **state)
{
    (void)state;
    int refused = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (utf8_fits(c, UTF8_LINE) == line_refuses(c) ||
            utf8_fits(c, UTF8_FREE) == free_refuses(c)) {
            fail_msg("U+%04X", (unsigned)c);
        }
        refused += line_refuses(c) ? 1 : 0;
    }
    assert_in_range(refused, 65 + 66 + 2 + 170, 5000);
    assert_false(utf8_fits(UTF8_BAD, UTF8_LINE));
    assert_false(utf8_fits(UTF8_BAD, UTF8_FREE));
}

/* General_Category=Zs, by hand. */
static void test_blanks(void **state)
{
    static const uint32_t spaces[] = {0x20,   0xA0,   0x1680, 0x2000, 0x2005,
                                      0x200A, 0x202F, 0x205F, 0x3000};
    (void)state;
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        assert_true(utf8_is_blank(spaces[i]));
    }
    assert_false(utf8_is_blank('a'));
    assert_false(utf8_is_blank(0x200B));
    assert_false(utf8_is_blank(0x4E00));
}

/* RFC 3629, section 3; the code points that JSON can carry. */
static void encode(uint32_t c, char out[5])
{
    unsigned char *at = (unsigned char *)out;
    if (c < 0x80) {
        *at++ = (unsigned char)c;
    } else if (c < 0x800) {
        *at++ = (unsigned char)(0xC0 | c >> 6);
        *at++ = (unsigned char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *at++ = (unsigned char)(0xE0 | c >> 12);
        *at++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        *at++ = (unsigned char)(0x80 | (c & 0x3F));
    } else {
        *at++ = (unsigned char)(0xF0 | c >> 18);
        *at++ = (unsigned char)(0x80 | (c >> 12 & 0x3F));
        *at++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        *at++ = (unsigned char)(0x80 | (c & 0x3F));
    }
    *at = 0;
}

struct place {
    int command;
    const char *param;
    bool line;
};

static const struct place places[] = {
    {CMD_chain_add, "name", true},        {CMD_person_add, "name", true},
    {CMD_ticket_file, "title", true},     {CMD_meeting_call, "place", true},
    {CMD_attachment_keep, "name", true},  {CMD_ticket_file, "text", false},
    {CMD_ticket_note, "text", false},     {CMD_ticket_decline, "reason", false},
    {CMD_ticket_answer, "public", false},
};

/* Only what is said of this parameter counts: the others are right or are not
 * there, and what is missing is said in the row's order. */
static enum err check_place(const struct place *place, const char *text,
                            struct problem *p)
{
    const struct command *row = command_at(place->command);
    int index = command_arg(row, place->param);
    assert_true(index >= 0);
    struct arg alone = row->args[index];
    struct command only = *row;
    struct value values[ARGS_MAX];
    only.args = &alone;
    only.n_args = 1;
    json_t *params = json_object();
    json_object_set_new(params, place->param, json_string(text));
    enum err err = command_check(&only, params, values, p);
    json_decref(params);
    return err;
}

static void test_in_parameters(void **state)
{
    static const uint32_t tried[] = {
        0x1,     0x9,     0xA,     0x7F,    0x85,    0xAD,     0x34F,  0x61C,
        0x200B,  0x200C,  0x200D,  0x200E,  0x2028,  0x202A,   0x202E, 0x2060,
        0x2066,  0x2069,  0x3164,  0xFE0F,  0xFEFF,  0xFFF9,   0xFFFE, 0xE000,
        0x20BB7, 0x1F469, 0x1FFFF, 0xE0041, 0xE0100, 0x10FFFF, 0x5F20, 0xFF1D};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        for (size_t j = 0; j < sizeof tried / sizeof tried[0]; j++) {
            uint32_t c = tried[j];
            bool refused = places[i].line ? line_refuses(c) : free_refuses(c);
            struct problem p = {.err = OK};
            char number[16];
            char one[5];
            char text[16];
            encode(c, one);
            snprintf(text, sizeof text, "a%sb", one);
            snprintf(number, sizeof number, "U+%04X", (unsigned)c);
            enum err err = check_place(&places[i], text, &p);
            if (err != (refused ? ERR_BAD_PARAM : OK) ||
                (refused && strstr(p.detail, number) == NULL)) {
                fail_msg("%s %s: %s [%s]", places[i].param, number,
                         err_name(err), p.detail);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_character),
        cmocka_unit_test(test_blanks),
        cmocka_unit_test(test_in_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
