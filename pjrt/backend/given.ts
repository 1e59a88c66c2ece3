import * as Context from "effect/Context"
import * as Scope from "effect/Scope"
import { Backend } from "./backend.ts"
import { DeviceUnavailable } from "./errors.ts"

const missing = (what: string, hint: string) =>
  new DeviceUnavailable({ device: "none", message: `no ${what} is given`, hint })

/** The backend and the scope of whoever runs an Effect. Throws where one is missing, which the types refuse. */
export const servicesOf = (
  context: Context.Context<Backend | Scope.Scope>
): { readonly backend: Backend["Service"]; readonly scope: Scope.Scope } => {
  const backend = Context.getOrUndefined(context, Backend)
  if (backend === undefined)
    throw missing("device", 'provide one: Effect.provide(program, Device.layer("cpu"))')
  const scope = Context.getOrUndefined(context, Scope.Scope)
  if (scope === undefined)
    throw missing("scope", "arrays belong to one: wrap the program in Effect.scoped(…)")
  return { backend, scope }
}
