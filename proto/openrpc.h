/* The command table for machines (https://spec.open-rpc.org): the answer of
 * rpc.discover. */
#ifndef BIHUAN_PROTO_OPENRPC_H
#define BIHUAN_PROTO_OPENRPC_H

#include <jansson.h>

/* A new document of every method that the daemon has (not LOCAL ones); NULL
 * when out of memory. */
json_t *openrpc_document(void);

#endif
