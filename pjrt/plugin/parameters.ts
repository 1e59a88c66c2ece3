import { count } from "../../dsl/count.ts"
import { type Aval, sameAval, show } from "../../dsl/shape.ts"
import { CompileError } from "../backend/errors.ts"
import { hostHint } from "../backend/program-hints.ts"
import { dtypeOfXla, elementHint, xlaName } from "./element.ts"
import { only } from "./hlo-module.ts"
import { fieldsOf, numbers } from "./protobuf.ts"

/** The messages of a field. */
const all = (bytes: Uint8Array, wanted: number): ReadonlyArray<Uint8Array> =>
  fieldsOf(bytes)
    .filter(({ field }) => field === wanted)
    .map((each) => each.bytes)

/**
 * A ShapeProto (xla/xla_data.proto): element_type (2), 13 for a tuple of tuple_shapes (4); dimensions (3); layout (5), with
 * minor_to_major (1); is_dynamic_dimension (6).
 */
type ShapeProto = Uint8Array

const elementOf = (shape: ShapeProto): number => numbers(shape, 2)[0] ?? 0

/** A shape, or the elements of a tuple, down to arrays. */
const leavesOf = (shape: ShapeProto): ReadonlyArray<ShapeProto> =>
  elementOf(shape) === 13 ? all(shape, 4).flatMap(leavesOf) : [shape]

const avalOf = (shape: ShapeProto): Aval | undefined => {
  const dtype = dtypeOfXla(elementOf(shape))
  return dtype === undefined ? undefined : { dtype, shape: numbers(shape, 3) }
}

/** The host_program_shape (4) of an HloModuleProto: parameters (1) and result (2). */
const shapesOf = (
  module: Uint8Array
): { readonly parameters: ReadonlyArray<ShapeProto>; readonly results: ReadonlyArray<ShapeProto> } => {
  const program = only(module, 4) ?? new Uint8Array(0)
  return { parameters: all(program, 1), results: all(program, 2).flatMap(leavesOf) }
}

/**
 * What a compiled program takes on each of its devices, as its HloModuleProto says, or undefined where one of them has no
 * dtype here.
 */
export const parameterAvals = (module: Uint8Array | undefined): ReadonlyArray<Aval> | undefined => {
  if (module === undefined || only(module, 4) === undefined) return undefined
  const avals = shapesOf(module).parameters.map(avalOf)
  return avals.every((aval) => aval !== undefined) ? (avals as ReadonlyArray<Aval>) : undefined
}

/**
 * The parameters whose memory a compiled program takes over. input_output_alias (8) has entries (1) with a
 * parameter_number (2); buffer_donor (18) has entries (1) with a parameter_number (1).
 */
export const donatedParameters = (module: Uint8Array | undefined): ReadonlyArray<number> => {
  if (module === undefined) return []
  const of = (field: number, number: number) =>
    all(module, field)
      .flatMap((list) => all(list, 1))
      .map((entry) => numbers(entry, number)[0] ?? 0)
  return [...new Set([...of(8, 2), ...of(18, 1)])].sort((a, b) => a - b)
}

/** What is said of an array that is known by a bound only. */
export const boundedHint =
  "return the array whole, and how much of it counts as another result; or give it a size that does not depend on values"

const boundedFault = (shape: ShapeProto, what: string): CompileError | undefined => {
  const bounded = numbers(shape, 6)
  if (!bounded.includes(1)) return undefined
  const dims = numbers(shape, 3).map((dim, axis) => (bounded[axis] === 1 ? `<=${dim}` : dim))
  return new CompileError({
    code: "UNIMPLEMENTED",
    message: `${what} of the program is ${dtypeOfXla(elementOf(shape))}[${dims.join()}]: its size depends on values, and is known only while it runs`,
    hint: boundedHint
  })
}

/** Shapes are numbers here, exact up to 2^53 - 1. */
const sizeFault = (shape: ShapeProto, what: string): CompileError | undefined => {
  const axis = numbers(shape, 3).findIndex((dim) => dim > Number.MAX_SAFE_INTEGER)
  if (axis < 0) return undefined
  return new CompileError({
    code: "UNIMPLEMENTED",
    message: `axis ${axis} of ${what} of the program is longer than 2^53 - 1, the largest size that is exact here`,
    hint: "make it smaller"
  })
}

const elementFault = (shape: ShapeProto, i: number): CompileError | undefined => {
  if (dtypeOfXla(elementOf(shape)) !== undefined) return undefined
  const name = xlaName(elementOf(shape))
  return new CompileError({
    code: "UNIMPLEMENTED",
    message:
      name === "TUPLE"
        ? `parameter ${i} of the program is a tuple`
        : `parameter ${i} of the program has element type ${name}, which cannot be given here`,
    hint: elementHint(name, "from")
  })
}

/** Arrays are put row-major, and PJRT does not put them in the order that a program asks for. */
const orderFault = (shape: ShapeProto, what: string): CompileError | undefined => {
  const order = all(shape, 5).flatMap((layout) => numbers(layout, 1))
  if (order.every((axis, i) => axis === order.length - 1 - i)) return undefined
  return new CompileError({
    code: "UNIMPLEMENTED",
    message: `${what} of the program has a layout of its own, {${order.join()}}; arrays are given row-major`,
    hint: "leave mhlo.layout_mode out, or export the program without a layout for its arguments"
  })
}

/** The opcode (2) of an instruction is text; these wait for the host, where nobody answers. */
const waiting = ["infeed", "outfeed"].map((opcode) => ({
  opcode,
  field: Buffer.from([0x12, opcode.length, ...Buffer.from(opcode)])
}))

const waitingFault = (module: Uint8Array): CompileError | undefined => {
  const bytes = Buffer.from(module.buffer, module.byteOffset, module.length)
  const found = waiting.find(({ field }) => bytes.includes(field))
  if (found === undefined) return undefined
  return new CompileError({
    code: "UNIMPLEMENTED",
    message: `the program uses ${found.opcode}, and would wait for the host without end`,
    hint: hostHint
  })
}

/**
 * Why a compiled foreign program cannot run here, or undefined. Its parameters must be `rowMajor`, unless the device
 * chooses layouts itself and the program asks for none.
 */
export const programFault = (module: Uint8Array | undefined, rowMajor: boolean): CompileError | undefined => {
  if (module === undefined) return undefined
  const { parameters, results } = shapesOf(module)
  for (const [shapes, what] of [
    [parameters, "parameter"],
    [results, "output"]
  ] as const) {
    for (const [i, shape] of shapes.entries()) {
      const fault = boundedFault(shape, `${what} ${i}`) ?? sizeFault(shape, `${what} ${i}`)
      if (fault !== undefined) return fault
    }
  }
  for (const [i, shape] of parameters.entries()) {
    const fault = elementFault(shape, i)
    if (fault !== undefined) return fault
  }
  const fault = waitingFault(module)
  if (fault !== undefined) return fault
  if (!rowMajor) return undefined
  for (const [i, shape] of parameters.entries()) {
    const fault = orderFault(shape, `parameter ${i}`)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Why what a program gives is not what its source says, where its numbers overflow in the compiler; or undefined. */
export const resultFault = (
  said: ReadonlyArray<Aval> | undefined,
  found: ReadonlyArray<Aval>
): CompileError | undefined => {
  if (said === undefined) return undefined
  const at = found.findIndex((aval, i) => said[i] === undefined || !sameAval(aval, said[i]))
  if (at < 0 && said.length === found.length) return undefined
  const message =
    said.length !== found.length
      ? `the compiler gives ${count(found.length, "result")}, but the program says ${said.length}`
      : `the compiler gives ${show(found[at]!)} for result ${at}, but the program says ${show(said[at]!)}`
  return new CompileError({
    code: "INVALID_ARGUMENT",
    message,
    hint: "look for sizes, strides or paddings so large that the compiler's arithmetic overflows"
  })
}
