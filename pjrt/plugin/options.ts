import { integer, message, varint } from "./protobuf.ts"

/** Devices of a PJRT client by their numbers, one for each partition of a program. */
export type DeviceIds = readonly [number, ...ReadonlyArray<number>]

/**
 * A serialized CompileOptionsProto (xla/pjrt/proto/compile_options.proto) for one replica of a program, in as many
 * partitions as devices: executable_build_options (3) with num_replicas (4), num_partitions (5), device_assignment (9),
 * a DeviceAssignmentProto (xla/xla_data.proto) of a computation for each partition, and, where there are several,
 * use_spmd_partitioning (6) and use_shardy_partitioner (19). Without devices it is for a topology, whose first they are.
 */
export const compileOptions = (partitions: number, devices?: DeviceIds): Uint8Array => {
  const assignment =
    devices === undefined
      ? []
      : message(9, [
          ...integer(1, 1),
          ...integer(2, partitions),
          ...devices.flatMap((id) => message(3, message(1, varint(id))))
        ])
  const spmd = partitions === 1 ? [] : [...integer(6, 1)]
  const shardy = partitions === 1 ? [] : [...integer(19, 1)]
  return Uint8Array.from(
    message(3, [...integer(4, 1), ...integer(5, partitions), ...spmd, ...assignment, ...shardy])
  )
}
