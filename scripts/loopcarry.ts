#!/usr/bin/env node
/** The `loopcarry` command. */
import { startSpare } from "../pjrt/served/child/spare.ts"

/** Whether the command is most likely to need a process that holds a plugin: a wrong guess costs a process, no more. */
const needsChild = ([name, ...rest]: ReadonlyArray<string>): boolean => {
  // With --verbose the environment of plugins is another.
  if (name !== "exec" || ["--in-process", "--help", "--verbose"].some((each) => rest.includes(each)))
    return false
  const named = rest.findLast((_, i) => rest[i - 1] === "--device" || rest[i]!.startsWith("--device="))
  return !/^(--device=)?(remote:|reference)/.test(named ?? process.env.LOOPCARRY_DEVICE ?? "")
}

if (needsChild(process.argv.slice(2))) startSpare()
// Not before: while this process loads it, the child gets ready.
await import("./subcommands.ts")
