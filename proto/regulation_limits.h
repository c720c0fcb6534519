/* Readers of the two tables of a regulation; `out` is the struct regulation,
 * whose categories and urgencies are read already. */
#ifndef BIHUAN_PROTO_REGULATION_LIMITS_H
#define BIHUAN_PROTO_REGULATION_LIMITS_H

#include "core/regulation.h"
#include "proto/command.h"
#include "proto/json_fields.h"

json_reader regulation_read_limits;
json_reader regulation_read_escalation;

#endif
