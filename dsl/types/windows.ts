import type { Shape } from "../shape.ts"
import type { CeilQuotient, Minus, Plus, Quotient, SignedPlus } from "./arithmetic.ts"
import type { Dilated, Nth } from "./lengths.ts"

/** How often windows fit, as convolutions and reductions over windows count it. */

type On<Option, K> = Option extends number ? Option : Nth<Option, K>

/** How often a window fits into a length; 0 where it never does. */
export type Fits<
  Length extends number,
  Window extends number,
  By extends number
> = `${Length}` extends `-${string}`
  ? 0
  : [Minus<Length, Window>] extends [never]
    ? 0
    : Plus<Quotient<Minus<Length, Window>, By>, 1>

type Around<Padding, K> = K extends keyof Padding
  ? Padding[K] extends readonly [infer Low extends number, infer High extends number]
    ? SignedPlus<Low, High>
    : number
  : number

type Count<Length extends number, Window extends number, By extends number, Padding, K> = Padding extends
  | "same"
  | "sameLower"
  ? CeilQuotient<Length, By>
  : Padding extends "valid"
    ? [Window, By] extends [1, 1]
      ? Length
      : Fits<Length, Window, By>
    : Padding extends string
      ? number
      : Fits<SignedPlus<Length, Around<Padding, K>>, Window, By>

/** How often a window fits along each axis; `Spread` and `Apart` say how far elements lie from one another. */
export type Windows<S extends Shape, W, By, Padding, Spread, Apart> = {
  readonly [K in keyof S]: Count<
    Dilated<S[K], On<Spread, K>>,
    Dilated<On<W, K>, On<Apart, K>>,
    On<By, K>,
    Padding,
    K
  >
}
