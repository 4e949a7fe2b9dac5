/**
 * Descriptors for server reflection. The loader's own are not fit for strangers: they bear our camelCase names, and the
 * entry types of maps have names that strict readers (Go's, so `buf curl` and `grpcurl`) refuse.
 */
import type { MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader';
import { loadProtos } from './load.ts';

interface MessageDescriptor {
  name: string;
  field: { name: string; typeName?: string }[];
  nestedType: MessageDescriptor[];
  options?: { mapEntry?: boolean };
}

interface FileDescriptor {
  messageType: MessageDescriptor[];
}

type Codec = MessageTypeDefinition<FileDescriptor, FileDescriptor>;

/** A package definition of our services and of health, with the names of the .proto files: all that reflection reads of one. */
export function reflectedDefinition(): PackageDefinition {
  const fileCodec = loadProtos('descriptor')['google.protobuf.FileDescriptorProto'] as unknown as Codec;
  /** Every definition names all files, and most the same list: each file is mended once. */
  const done = new Map<Buffer, Buffer>();
  const once = (bytes: Buffer): Buffer => {
    const known = done.get(bytes) ?? mended(bytes, fileCodec);
    done.set(bytes, known);
    return known;
  };
  const reflected = Object.entries(loadProtos('reflected')).map(([name, definition]) => {
    const files: unknown = 'fileDescriptorProtos' in definition ? definition.fileDescriptorProtos : undefined;
    if (!Array.isArray(files)) return [name, definition];
    return [name, { ...definition, fileDescriptorProtos: files.map(once) }];
  });
  return Object.fromEntries(reflected) as PackageDefinition;
}

function mended(bytes: Buffer, codec: Codec): Buffer {
  const file = codec.deserialize(bytes);
  file.messageType.forEach(nameMapEntries);
  return codec.serialize(file);
}

/** protobuf: the entry type of the map field `some_labels` is the nested type `SomeLabelsEntry`. */
function nameMapEntries(message: MessageDescriptor): void {
  message.nestedType.forEach(nameMapEntries);
  for (const entry of message.nestedType.filter((nested) => nested.options?.mapEntry)) {
    const field = message.field.find((candidate) => candidate.typeName?.split('.').at(-1) === entry.name);
    if (!field) continue;
    entry.name = `${field.name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
    field.typeName = entry.name;
  }
}
