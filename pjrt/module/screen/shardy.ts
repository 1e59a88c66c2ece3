/** A text of Shardy's in a dictionary of attributes; `kind` is what it must be where it stands. */
export interface ShardyText {
  readonly key: string
  /** What it says; undefined where it is no text. */
  readonly said: string | undefined
  /** Of `xla.sdy.sharding`: that of one value, of all results of an operation, or either. */
  readonly kind: "value" | "results" | "either"
  /** Whether it must be the sharding of one result. */
  readonly single?: boolean
}

/** The sizes of a mesh's axes, by name. */
type Mesh = ReadonlyMap<string, number>
type Meshes = ReadonlyMap<string, Mesh>

class Wrong extends Error {}

/** XLA counts devices with 31 bits. */
const mostDevices = 2 ** 31 - 1

/**
 * Reads the attributes of Shardy that XLA reads from texts (xla/service/spmd/shardy/utils.h). XLA looks neither whether
 * a text is such an attribute nor whether its meshes and axes are there, and ends the process where not.
 */
class Scanner {
  #rest: string

  constructor(text: string) {
    this.#rest = text.replaceAll('\\"', '"')
    if (this.#rest.includes("\\")) throw new Wrong("it has escapes")
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = new RegExp(`^\\s*(?:${pattern.source})`).exec(this.#rest) ?? undefined
    if (found !== undefined) this.#rest = this.#rest.slice(found[0].length)
    return found
  }

  need(pattern: RegExp): RegExpExecArray {
    const found = this.take(pattern)
    if (found === undefined)
      throw new Wrong(`it is not as expected at ${JSON.stringify(this.#rest.slice(0, 30))}`)
    return found
  }

  list<A>(end: RegExp, each: () => A): ReadonlyArray<A> {
    const found: Array<A> = []
    while (this.take(end) === undefined) {
      if (found.length > 0) this.need(/,/)
      found.push(each())
    }
    return found
  }

  end(): void {
    this.need(/$/)
  }

  /** After `mesh<`. */
  mesh(): Mesh {
    this.need(/\[/)
    const axes = this.list(/\]/, () => this.need(/"([^"]*)"\s*=\s*([1-9]\d{0,9})(?!\d)/))
    const mesh = new Map(axes.map(([, name, size]) => [name!, Number(size)]))
    const devices = [...mesh.values()].reduce((all, size) => all * size, 1)
    if (mesh.size !== axes.length || devices > mostDevices) throw new Wrong("a mesh's axes are no mesh")
    if (this.take(/,\s*device_ids\s*=\s*\[/) !== undefined) {
      const ids = this.list(/\]/, () => Number(this.need(/\d{1,10}/)[0]))
      const whole = mesh.size === 0 ? ids.length === 1 : ids.length === devices
      if (!whole || new Set(ids).size !== ids.length || (mesh.size > 0 && ids.some((id) => id >= devices)))
        throw new Wrong("a mesh's device_ids are not its devices")
    }
    this.need(/>/)
    return mesh
  }

  meshes(): Meshes {
    this.need(/\{/)
    const all = this.list(/\}/, () => {
      const name = this.need(/([A-Za-z_][\w$.]*|"[^"]+")\s*=\s*#sdy\.mesh</)[1]!
      return [name.replaceAll('"', ""), this.mesh()] as const
    })
    this.end()
    const meshes = new Map(all)
    if (meshes.size !== all.length) throw new Wrong("it names a mesh twice")
    return meshes
  }

  #axis(mesh: Mesh, used: Set<string>): void {
    const [, name, before, size] = this.need(/"([^"]*)"(?:\s*:\s*\(\s*([1-9]\d{0,9})\s*\)\s*([1-9]\d{0,9}))?/)
    const whole = mesh.get(name!)
    if (whole === undefined) throw new Wrong(`its mesh has no axis "${name}"`)
    if (size !== undefined && whole % (Number(before) * Number(size)) !== 0)
      throw new Wrong(`the axis "${name}" cannot be divided so`)
    const key = size === undefined ? name! : `${name}:(${before})${size}`
    if (used.has(key)) throw new Wrong(`it has the axis "${name}" twice`)
    used.add(key)
  }

  /** After a sharding's first bracket. */
  sharding(meshes: Meshes): void {
    const named = this.take(/@(?:"([^"]+)"|([A-Za-z_][\w$.]*))/)
    const name = named?.[1] ?? named?.[2]
    if (named === undefined) this.need(/mesh</)
    const mesh = name === undefined ? this.mesh() : meshes.get(name)
    if (mesh === undefined) throw new Wrong(`the module's xla.sdy.meshes have no mesh @${name}`)
    const used = new Set<string>()
    this.need(/,\s*\[/)
    this.list(/\]/, () => {
      this.need(/\{/)
      this.list(/\}/, () => this.take(/\?(?=\s*\})/) ?? this.#axis(mesh, used))
      this.take(/p\d{1,4}(?!\d)/)
    })
    for (const part of [/,\s*replicated\s*=\s*\{/, /,\s*unreduced\s*=\s*\{/])
      if (this.take(part) !== undefined) this.list(/\}/, () => this.#axis(mesh, used))
    this.need(/>/)
  }

  shardings(meshes: Meshes): number {
    this.need(/#sdy\.sharding_per_value<\s*\[/)
    const { length } = this.list(/\]/, () => {
      this.need(/</)
      this.sharding(meshes)
    })
    this.need(/>/)
    this.end()
    return length
  }

  value(meshes: Meshes): void {
    this.need(/#sdy\.sharding</)
    this.sharding(meshes)
    this.end()
  }
}

const plain: Readonly<Record<string, RegExp>> = {
  "xla.sdy.sharding_group_id": /^\d{1,18}(?: : i64)?$/,
  "xla.sdy.allowed_direction": /^\w{1,20}$/,
  "xla.sdy.has_unreduced_axes": /^(?:true|false)$/,
  "xla.sdy.use_tuple_args": /^(?:t|true|false)$/,
  "xla.sdy.manual_axes": /^#sdy<?\.?manual_axes<?\s*\{(?:\s*"[^"\\]*"\s*,?)*\}\s*>$/
}

const isPerValue = (said: string): boolean => /^\s*#sdy\.sharding_per_value\b/.test(said)

const check = ({ key, said, kind, single }: ShardyText, meshes: Meshes): void => {
  if (said === undefined) throw new Wrong("it is no text")
  if (key === "xla.sdy.meshes") new Scanner(said).meshes()
  else if (key === "xla.sdy.in_shardings" || key === "xla.sdy.out_shardings")
    new Scanner(said).shardings(meshes)
  else if (key === "xla.sdy.sharding") {
    if (kind === "results" || (kind === "either" && isPerValue(said))) {
      const count = new Scanner(said).shardings(meshes)
      if (count === 0 || (single && count !== 1)) throw new Wrong(`it has ${count} shardings`)
    } else new Scanner(said).value(meshes)
  } else if (plain[key]?.test(said) !== true) throw new Wrong("it is not of a form that is known")
}

/** Why XLA must not read a module's texts of Shardy's; `module` are the meshes that its own attributes name. */
export const shardyFault = (
  texts: ReadonlyArray<ShardyText>,
  module: string | undefined
): string | undefined => {
  let now = ""
  try {
    now = "xla.sdy.meshes"
    const meshes = module === undefined ? new Map() : new Scanner(module).meshes()
    for (const text of texts) {
      now = text.key
      check(text, meshes)
    }
    return undefined
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return `${now} is no attribute of Shardy's that can be read: ${error.message}`
  }
}
