import type { Say } from "../messages.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { AnyTensor, Guarded, Lengths, SameDType, ShapeOf, Show } from "../types.ts"

/** The shapes that einsums give, and why operands do not go with what is written. */

/**
 * The length of a letter in a list of one, for TypeScript then decides whether an operand has it where the length is a
 * type parameter; never where no operand has it.
 */
type Lookup<Axis extends string, Terms extends string, Operands> = Operands extends readonly [
  infer First,
  ...infer More
]
  ? Terms extends `${infer Head},${infer Rest}`
    ? OrNext<Found<Axis, Head, First>, Axis, Rest, More>
    : Found<Axis, Terms, First>
  : never

type OrNext<Here, Axis extends string, Rest extends string, More> = [Here] extends [never]
  ? Lookup<Axis, Rest, More>
  : Here

type Found<Axis extends string, Term extends string, T> =
  T extends Tensor<infer _, infer S> ? At<Axis, Term, S> : never

type At<
  Axis extends string,
  Term extends string,
  S extends Shape
> = Term extends `${infer Letter}${infer Rest}`
  ? S extends readonly [infer N extends number, ...infer More extends Shape]
    ? Letter extends Axis
      ? readonly [N]
      : At<Axis, Rest, More>
    : never
  : never

type OrUnknown<Found> = [Found] extends [never]
  ? number
  : [Found] extends [readonly [infer N extends number]]
    ? N
    : number

type OutputShape<Out extends string, In extends string, Operands> = Out extends `${infer Letter}${infer Rest}`
  ? readonly [OrUnknown<Lookup<Letter, In, Operands>>, ...OutputShape<Rest, In, Operands>]
  : readonly []

type NoSpaces<T extends string> = T extends `${infer A} ${infer B}` ? NoSpaces<`${A}${B}`> : T

type Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

type Placed<Letter extends string, Out extends string> = Out extends `${infer First}${infer Rest}`
  ? Alphabet extends `${string}${Letter}${string}${First}${string}`
    ? `${Letter}${Out}`
    : `${First}${Placed<Letter, Rest>}`
  : Letter

/** Letters that stand once among the terms, in the order of character codes: what a result not written out has. */
type Once<
  In extends string,
  Seen extends string = "",
  Out extends string = ""
> = In extends `${infer Letter}${infer Rest}`
  ? `${Seen}${Rest}` extends `${string}${Letter}${string}`
    ? Once<Rest, `${Seen}${Letter}`, Out>
    : Once<Rest, `${Seen}${Letter}`, Letter extends "," ? Out : Placed<Letter, Out>>
  : Out

/** The shape that an einsum gives. */
export type EinsumShape<Spec extends string, Operands> = string extends Spec
  ? Shape
  : NoSpaces<Spec> extends `${infer In}->${infer Out}`
    ? OutputShape<Out, In, Operands>
    : OutputShape<Once<NoSpaces<Spec>>, NoSpaces<Spec>, Operands>

type LettersOf<
  Term extends string,
  Out extends ReadonlyArray<string> = readonly []
> = Term extends `${infer Letter}${infer Rest}` ? LettersOf<Rest, readonly [...Out, Letter]> : Out

type TermsOf<In extends string> = In extends `${infer Term},${infer Rest}`
  ? readonly [Term, ...TermsOf<Rest>]
  : readonly [In]

/** `Known` has the axes of the operands before: for each, its length and the first operand that has it. */
type AxisFault<Letter extends string, N extends number, T, Known> = Known extends {
  readonly [L in Letter]: readonly [infer M extends number, infer First]
}
  ? [M, N] extends [N, M]
    ? never
    : Say<"einsumAxis", { letter: Letter; m: `${M}`; a: Show<First>; n: `${N}`; b: Show<T> }>
  : never

/** Why an operand's axes do not go with those before, or else all that are known now. */
type AxesFault<Letters, S, T, Known> = Letters extends readonly [infer Letter extends string, ...infer Others]
  ? S extends readonly [infer N extends number, ...infer Rest]
    ? [AxisFault<Letter, N, T, Known>] extends [never]
      ? AxesFault<
          Others,
          Rest,
          T,
          Known extends { readonly [L in Letter]: unknown }
            ? Known
            : Known & { readonly [L in Letter]: readonly [N, T] }
        >
      : AxisFault<Letter, N, T, Known>
    : never
  : Known

type OperandsFault<Terms, T, First, Known> = Terms extends readonly [
  infer Term extends string,
  ...infer Others
]
  ? T extends readonly [infer Operand extends AnyTensor, ...infer Rest]
    ? SameDType<First, Operand> extends false
      ? Say<"dtypes", { op: "einsum"; a: Show<First>; b: Show<Operand> }>
      : LettersOf<Term>["length"] extends ShapeOf<Operand>["length"]
        ? AxesFault<LettersOf<Term>, ShapeOf<Operand>, Operand, Known> extends infer Found
          ? Found extends string
            ? Found
            : OperandsFault<Others, Rest, First, Found>
          : never
        : Say<"einsumTerm", { term: Term; a: Show<Operand> }>
    : never
  : never

type NamedOut<In extends string, Out extends string> = Out extends `${infer Letter}${infer Rest}`
  ? In extends `${string}${Letter}${string}`
    ? NamedOut<In, Rest>
    : Letter
  : never

type Counted<N extends number> = N extends 1 ? "1 operand" : `${N} operands`

type TermsFault<
  Spec extends string,
  In extends string,
  Out extends string,
  T extends ReadonlyArray<unknown>
> = TermsOf<In>["length"] extends T["length"]
  ? [NamedOut<In, Out>] extends [never]
    ? OperandsFault<TermsOf<In>, T, T[0], unknown>
    : Say<"einsumOut", { spec: Spec; letter: NamedOut<In, Out> }>
  : Say<
      "einsumOperands",
      {
        spec: Spec
        want: Counted<TermsOf<In>["length"]>
        have: T["length"] extends 1 ? "1 is" : `${T["length"]} are`
      }
    >

type EinsumFault<Spec extends string, T extends ReadonlyArray<unknown>> =
  NoSpaces<Spec> extends `${infer In}->${infer Out}`
    ? TermsFault<Spec, In, Out, T>
    : TermsFault<Spec, NoSpaces<Spec>, "", T>

type AllLengths<T, Out extends Shape = readonly []> = T extends readonly [infer First, ...infer Rest]
  ? AllLengths<Rest, readonly [...Out, ...ShapeOf<First>]>
  : Out

/** What the operands of an einsum must be besides: the message, where they do not go with the text. */
export type EinsumCheck<Spec extends string, T extends ReadonlyArray<unknown>> = string extends Spec
  ? unknown
  : number extends T["length"]
    ? unknown
    : Guarded<
        [[EinsumFault<Spec, T>] extends [never] ? true : never] extends [never]
          ? EinsumFault<Spec, T>
          : unknown
      >[Lengths<AllLengths<T>>]
