/** What XLA and libtpu say before their loggers are set up, and lines of glog's form below errors: I0000 00:00:…, W1127 …. */
const chatter =
  /^(Failed to find host bounds for accelerator type: .*|WARNING: (All log messages before absl::InitializeLog\(\)|Logging before InitGoogle\(\)) .*|[IW]\d{4} \d.*)$/

/** A plugin's words for why it ends: failed checks, LLVM's fatal errors, exceptions nobody caught, glibc's complaints. */
const fatal =
  /^(F\d{4} \d|Check failed|LLVM ERROR:|fatal error|FATAL ERROR:|terminate called|libc\+\+abi: terminating|pure virtual method|\*\*\* (stack smashing|buffer overflow)|(free|malloc|realloc|munmap_chunk)\(\): |malloc_consolidate|double free|corrupted |.*: Assertion .* failed)/i

/** Lines of stack traces, and the words around them. */
const trace =
  /^(\s*(PC: )?@ +0x|\s*#\d+ 0x|\*\*\* (Check failure stack trace|(Aborted|SIG\w+|Segmentation fault)\b)|\[failure_signal_handler|Stack dump|PLEASE submit a bug report)/

const keptLines = 8
const keptInLine = 1000

/**
 * What a process with a plugin said last. Of one that said why it ends, that and what follows; a stack trace, which is
 * longer and comes later, is no part of it.
 */
export class LastWords {
  #lines: Array<string> = []
  #explains = false
  #unfinished = ""

  hear(chunk: string): void {
    const lines = (this.#unfinished + chunk).split("\n")
    this.#unfinished = lines.pop()!.slice(0, keptInLine)
    for (const line of lines) this.#take(line)
  }

  #take(line: string): void {
    const said = line.trimEnd().slice(0, keptInLine)
    if (said === "" || chatter.test(said) || trace.test(said)) return
    // The first reason counts: what fails afterwards fails of it.
    if (!this.#explains && fatal.test(said)) {
      this.#explains = true
      this.#lines = []
    }
    if (this.#lines.length >= keptLines) {
      if (this.#explains) return
      this.#lines.shift()
    }
    this.#lines.push(said)
  }

  /** The first line of why it ends, in plain characters; undefined where it said nothing of that. */
  get cause(): string | undefined {
    const [line] = this.text.split("\n")
    return this.#explains
      ? line!
          .replaceAll(/\p{Cc}/gu, "?")
          .trim()
          .slice(0, 300)
      : undefined
  }

  get text(): string {
    this.#take(this.#unfinished)
    this.#unfinished = ""
    return this.#lines.join("\n")
  }
}
