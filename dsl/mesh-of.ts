import { valueError } from "./errors.ts"
import { programsOf } from "./held.ts"
import { type Mesh, type Sharding, sameMesh, showMesh } from "./mesh.ts"
import { isEquation, type Program } from "./program.ts"

const meshesIn = (program: Program): ReadonlyArray<Mesh> =>
  program.equations.flatMap((equation) => [
    ...(isEquation(equation, "withSharding") ? [equation.params.sharding.mesh] : []),
    ...(isEquation(equation, "shardMap") ? [equation.params.mesh] : []),
    ...programsOf(equation).flatMap(meshesIn)
  ])

/** The mesh that a program and its shardings name; undefined for a program of one device. Refuses several meshes. */
export const meshOf = (program: Program, shardings: ReadonlyArray<Sharding | null>): Mesh | undefined => {
  const all = [...shardings.flatMap((each) => (each === null ? [] : [each.mesh])), ...meshesIn(program)]
  const [first] = all
  const other = first === undefined ? undefined : all.find((each) => !sameMesh(each, first))
  if (other !== undefined) {
    throw valueError(
      "mesh",
      `mesh: one program names two meshes, ${showMesh(first!)} and ${showMesh(other)}`,
      "use one mesh, with as many axes as are needed"
    )
  }
  return first
}
