/** What XLA and libtpu say before their loggers are set up, and lines of glog's form below errors: I0000 00:00:…, W1127 …. */
const chatter =
  /^(Failed to find host bounds for accelerator type: .*|WARNING: (All log messages before absl::InitializeLog\(\)|Logging before InitGoogle\(\)) .*|[IW]\d{4} \d.*)$/

/** What a plugin has written, without what nobody needs to know. Its last words stay: errors, failed checks, stacks. */
export const withoutChatter = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !chatter.test(line.trimEnd()))
    .join("\n")
