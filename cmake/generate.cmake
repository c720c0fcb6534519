# What is generated from commands.def: the command part of docs/protocol.md
# and the shells' completions.
