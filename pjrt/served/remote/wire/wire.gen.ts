// Made from wire.fbs by: npm run -s generate -- wire

export type DType = "f16" | "bf16" | "f32" | "f64" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "bool" | "c64" | "c128"

export interface Aval {
  readonly dtype: DType
  readonly shape: ReadonlyArray<number>
}

export interface DeviceInfo {
  readonly id: number
  readonly name: string
  readonly platform: string
  readonly kind: string
}

export interface Hello {
  readonly protocolMin: number
  readonly protocolMax: number
  readonly product: string
  readonly device: string | undefined
}

export interface PartitionSpec {
  readonly axes: ReadonlyArray<Names>
}

export interface Names {
  readonly names: ReadonlyArray<string>
}

export interface MeshAxis {
  readonly name: string
  readonly size: number
}

export interface Partitioning {
  readonly mesh: ReadonlyArray<MeshAxis>
  readonly in: ReadonlyArray<PartitionSpec>
  readonly out: ReadonlyArray<PartitionSpec>
}

export interface Compile {
  readonly executable: number
  readonly digest: Uint8Array
  readonly code: Uint8Array | undefined
  readonly bytecode: boolean
  readonly donated: ReadonlyArray<number>
  readonly partitioning: Partitioning | undefined
  readonly variable: boolean
  readonly passes: Names | undefined
}

export interface Analyse {
  readonly executable: number
}

export interface Put {
  readonly array: number
  readonly aval: Aval
  readonly device: number
}

export interface Run {
  readonly executable: number
  readonly args: ReadonlyArray<number>
  readonly first: number
}

export interface Read {
  readonly array: number
}

export interface Copy {
  readonly array: number
  readonly from: number
  readonly device: number
}

export interface Memory {
  readonly device: number
}

export type Heartbeat = Readonly<Record<never, never>>

export interface Cancel {
  readonly target: number
}

export type Bye = Readonly<Record<never, never>>

export interface Request {
  readonly call: number
  readonly settled: number
  readonly released: ReadonlyArray<number>
  readonly ask: Ask | undefined
  readonly got: ReadonlyArray<number>
}

export interface Welcome {
  readonly protocol: number
  readonly product: string
  readonly session: string
  readonly lease: number
  readonly identity: Identity
  readonly device: number
  readonly devices: ReadonlyArray<DeviceInfo>
  readonly messageLimit: number
  readonly inFlight: number
}

export interface Identity {
  readonly platform: string
  readonly version: string
  readonly plugin: string
  readonly cpu: string | undefined
  readonly stablehlo: ReadonlyArray<string>
  readonly devices: string
}

export interface Made {
  readonly outputs: ReadonlyArray<Aval>
  readonly devices: ReadonlyArray<number>
}

export type Unknown = Readonly<Record<never, never>>

export interface MemoryAnalysis {
  readonly code: number
  readonly arguments: number
  readonly outputs: number
  readonly aliased: number
  readonly temporaries: number
  readonly peak: number
}

export interface Cost {
  readonly name: string
  readonly value: number
}

export interface Analysis {
  readonly hasCodeBytes: boolean
  readonly codeBytes: number
  readonly memory: MemoryAnalysis | undefined
  readonly cost: ReadonlyArray<Cost>
  readonly hasCost: boolean
}

export interface Bytes {
  readonly bytes: Uint8Array | undefined
}

export interface Ran {
  readonly results: ReadonlyArray<Bytes>
}

export interface HeldArray {
  readonly aval: Aval
  readonly bytes: number
}

export interface MemoryReport {
  readonly inUse: number
  readonly peak: number
  readonly limit: number
  readonly largestFreeBlock: number
  readonly arrays: ReadonlyArray<HeldArray>
}

export type Done = Readonly<Record<never, never>>

export interface Failure {
  readonly kind: string
  readonly fields: string
}

export interface Response {
  readonly call: number
  readonly answer: Answer | undefined
}

export type Ask =
  | ({ readonly type: "Hello" } & Hello)
  | ({ readonly type: "Compile" } & Compile)
  | ({ readonly type: "Analyse" } & Analyse)
  | ({ readonly type: "Put" } & Put)
  | ({ readonly type: "Run" } & Run)
  | ({ readonly type: "Read" } & Read)
  | ({ readonly type: "Copy" } & Copy)
  | ({ readonly type: "Memory" } & Memory)
  | ({ readonly type: "Heartbeat" } & Heartbeat)
  | ({ readonly type: "Cancel" } & Cancel)
  | ({ readonly type: "Bye" } & Bye)

export type Answer =
  | ({ readonly type: "Welcome" } & Welcome)
  | ({ readonly type: "Made" } & Made)
  | ({ readonly type: "Unknown" } & Unknown)
  | ({ readonly type: "Analysis" } & Analysis)
  | ({ readonly type: "Ran" } & Ran)
  | ({ readonly type: "MemoryReport" } & MemoryReport)
  | ({ readonly type: "Done" } & Done)
  | ({ readonly type: "Failure" } & Failure)

export interface Tables {
  readonly Aval: Aval
  readonly DeviceInfo: DeviceInfo
  readonly Hello: Hello
  readonly PartitionSpec: PartitionSpec
  readonly Names: Names
  readonly MeshAxis: MeshAxis
  readonly Partitioning: Partitioning
  readonly Compile: Compile
  readonly Analyse: Analyse
  readonly Put: Put
  readonly Run: Run
  readonly Read: Read
  readonly Copy: Copy
  readonly Memory: Memory
  readonly Heartbeat: Heartbeat
  readonly Cancel: Cancel
  readonly Bye: Bye
  readonly Request: Request
  readonly Welcome: Welcome
  readonly Identity: Identity
  readonly Made: Made
  readonly Unknown: Unknown
  readonly MemoryAnalysis: MemoryAnalysis
  readonly Cost: Cost
  readonly Analysis: Analysis
  readonly Bytes: Bytes
  readonly Ran: Ran
  readonly HeldArray: HeldArray
  readonly MemoryReport: MemoryReport
  readonly Done: Done
  readonly Failure: Failure
  readonly Response: Response
}

export const enums = {
  DType: ["f16", "bf16", "f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool", "c64", "c128"]
} as const

export const unions = {
  Ask: ["Hello", "Compile", "Analyse", "Put", "Run", "Read", "Copy", "Memory", "Heartbeat", "Cancel", "Bye"],
  Answer: ["Welcome", "Made", "Unknown", "Analysis", "Ran", "MemoryReport", "Done", "Failure"]
} as const

export const tables = {
  Aval: [
    { name: "dtype", slot: 0, kind: "enum", of: "DType" },
    { name: "shape", slot: 1, kind: "ulong", list: true }
  ],
  DeviceInfo: [
    { name: "id", slot: 0, kind: "int" },
    { name: "name", slot: 1, kind: "string", required: true },
    { name: "platform", slot: 2, kind: "string", required: true },
    { name: "kind", slot: 3, kind: "string", required: true }
  ],
  Hello: [
    { name: "protocolMin", slot: 0, kind: "ushort" },
    { name: "protocolMax", slot: 1, kind: "ushort" },
    { name: "product", slot: 2, kind: "string", required: true },
    { name: "device", slot: 3, kind: "string" }
  ],
  PartitionSpec: [
    { name: "axes", slot: 0, kind: "table", of: "Names", list: true }
  ],
  Names: [
    { name: "names", slot: 0, kind: "string", list: true }
  ],
  MeshAxis: [
    { name: "name", slot: 0, kind: "string", required: true },
    { name: "size", slot: 1, kind: "ulong" }
  ],
  Partitioning: [
    { name: "mesh", slot: 0, kind: "table", of: "MeshAxis", list: true, required: true },
    { name: "in", slot: 1, kind: "table", of: "PartitionSpec", list: true, required: true },
    { name: "out", slot: 2, kind: "table", of: "PartitionSpec", list: true, required: true }
  ],
  Compile: [
    { name: "executable", slot: 0, kind: "ulong" },
    { name: "digest", slot: 1, kind: "ubyte", list: true, required: true },
    { name: "code", slot: 2, kind: "ubyte", list: true },
    { name: "bytecode", slot: 3, kind: "bool" },
    { name: "donated", slot: 4, kind: "uint", list: true },
    { name: "partitioning", slot: 5, kind: "table", of: "Partitioning" },
    { name: "variable", slot: 6, kind: "bool", initial: true },
    { name: "passes", slot: 7, kind: "table", of: "Names" }
  ],
  Analyse: [
    { name: "executable", slot: 0, kind: "ulong" }
  ],
  Put: [
    { name: "array", slot: 0, kind: "ulong" },
    { name: "aval", slot: 1, kind: "table", of: "Aval", required: true },
    { name: "device", slot: 2, kind: "int" }
  ],
  Run: [
    { name: "executable", slot: 0, kind: "ulong" },
    { name: "args", slot: 1, kind: "ulong", list: true },
    { name: "first", slot: 2, kind: "ulong" }
  ],
  Read: [
    { name: "array", slot: 0, kind: "ulong" }
  ],
  Copy: [
    { name: "array", slot: 0, kind: "ulong" },
    { name: "from", slot: 1, kind: "ulong" },
    { name: "device", slot: 2, kind: "int" }
  ],
  Memory: [
    { name: "device", slot: 0, kind: "int" }
  ],
  Heartbeat: [],
  Cancel: [
    { name: "target", slot: 0, kind: "ulong" }
  ],
  Bye: [],
  Request: [
    { name: "call", slot: 0, kind: "ulong" },
    { name: "settled", slot: 1, kind: "ulong" },
    { name: "released", slot: 2, kind: "ulong", list: true },
    { name: "ask", slot: 3, kind: "union", of: "Ask" },
    { name: "got", slot: 5, kind: "ulong", list: true }
  ],
  Welcome: [
    { name: "protocol", slot: 0, kind: "ushort" },
    { name: "product", slot: 1, kind: "string", required: true },
    { name: "session", slot: 2, kind: "string", required: true },
    { name: "lease", slot: 3, kind: "uint" },
    { name: "identity", slot: 4, kind: "table", of: "Identity", required: true },
    { name: "device", slot: 5, kind: "int" },
    { name: "devices", slot: 6, kind: "table", of: "DeviceInfo", list: true, required: true },
    { name: "messageLimit", slot: 7, kind: "ulong" },
    { name: "inFlight", slot: 8, kind: "uint" }
  ],
  Identity: [
    { name: "platform", slot: 0, kind: "string", required: true },
    { name: "version", slot: 1, kind: "string", required: true },
    { name: "plugin", slot: 2, kind: "string", required: true },
    { name: "cpu", slot: 3, kind: "string" },
    { name: "stablehlo", slot: 4, kind: "string", list: true },
    { name: "devices", slot: 5, kind: "string", required: true }
  ],
  Made: [
    { name: "outputs", slot: 0, kind: "table", of: "Aval", list: true, required: true },
    { name: "devices", slot: 1, kind: "int", list: true, required: true }
  ],
  Unknown: [],
  MemoryAnalysis: [
    { name: "code", slot: 0, kind: "double" },
    { name: "arguments", slot: 1, kind: "double" },
    { name: "outputs", slot: 2, kind: "double" },
    { name: "aliased", slot: 3, kind: "double" },
    { name: "temporaries", slot: 4, kind: "double" },
    { name: "peak", slot: 5, kind: "double" }
  ],
  Cost: [
    { name: "name", slot: 0, kind: "string", required: true },
    { name: "value", slot: 1, kind: "double" }
  ],
  Analysis: [
    { name: "hasCodeBytes", slot: 0, kind: "bool" },
    { name: "codeBytes", slot: 1, kind: "double" },
    { name: "memory", slot: 2, kind: "table", of: "MemoryAnalysis" },
    { name: "cost", slot: 3, kind: "table", of: "Cost", list: true },
    { name: "hasCost", slot: 4, kind: "bool" }
  ],
  Bytes: [
    { name: "bytes", slot: 0, kind: "ubyte", list: true }
  ],
  Ran: [
    { name: "results", slot: 0, kind: "table", of: "Bytes", list: true }
  ],
  HeldArray: [
    { name: "aval", slot: 0, kind: "table", of: "Aval", required: true },
    { name: "bytes", slot: 1, kind: "double" }
  ],
  MemoryReport: [
    { name: "inUse", slot: 0, kind: "double", initial: -1 },
    { name: "peak", slot: 1, kind: "double", initial: -1 },
    { name: "limit", slot: 2, kind: "double", initial: -1 },
    { name: "largestFreeBlock", slot: 3, kind: "double", initial: -1 },
    { name: "arrays", slot: 4, kind: "table", of: "HeldArray", list: true, required: true }
  ],
  Done: [],
  Failure: [
    { name: "kind", slot: 0, kind: "string", required: true },
    { name: "fields", slot: 1, kind: "string", required: true }
  ],
  Response: [
    { name: "call", slot: 0, kind: "ulong" },
    { name: "answer", slot: 1, kind: "union", of: "Answer" }
  ]
} as const
