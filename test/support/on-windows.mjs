// Loaded before a script (--import): as if it ran on Windows, as far as process.platform tells.
Object.defineProperty(process, "platform", { value: "win32" })
delete process.getuid
