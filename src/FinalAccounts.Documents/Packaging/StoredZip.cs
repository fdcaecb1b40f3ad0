using System.Buffers.Binary;
using System.Text;

namespace FinalAccounts.Documents.Packaging;

/// <summary>
/// Writes a ZIP archive whose bytes depend on names and contents only. The framework's archive writes the time, the platform and
/// the output of whatever version of zlib it carries; a document's hash stands in the log and must come out again on another
/// machine in ten years. So entries are stored without compression, in the order given, dated 1980-01-01.
/// </summary>
internal static class StoredZip
{
    private const ushort Version = 20;
    private const ushort Utf8Names = 1 << 11;
    private const ushort Date1980 = (1 << 5) | 1;

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    /// <exception cref="OverflowException">The archive would be larger than 2 GiB.</exception>
    public static byte[] Write(IReadOnlyList<(string Name, byte[] Content)> entries)
    {
        var archive = new MemoryStream();
        var directory = new MemoryStream();
        foreach (var (name, content) in entries)
        {
            var offset = checked((int)archive.Position);
            var nameBytes = Encoding.UTF8.GetBytes(name);
            var common = Common(content, nameBytes.Length);

            archive.Write("PK\u0003\u0004"u8);
            archive.Write(common);
            archive.Write(nameBytes);
            archive.Write(content);

            directory.Write("PK\u0001\u0002"u8);
            directory.Write(Bytes16(Version));
            directory.Write(common);
            // No comment, first disk, no attributes.
            directory.Write(new byte[10]);
            directory.Write(Bytes32((uint)offset));
            directory.Write(nameBytes);
        }

        var directoryOffset = checked((int)archive.Position);
        archive.Write(directory.ToArray());
        archive.Write("PK\u0005\u0006"u8);
        archive.Write(new byte[4]);
        archive.Write(Bytes16(checked((ushort)entries.Count)));
        archive.Write(Bytes16((ushort)entries.Count));
        archive.Write(Bytes32((uint)directory.Length));
        archive.Write(Bytes32((uint)directoryOffset));
        archive.Write(new byte[2]);
        return archive.ToArray();
    }

    /// <summary>What the header before an entry and its line in the directory have in common.</summary>
    private static byte[] Common(byte[] content, int nameLength)
    {
        var bytes = new MemoryStream();
        bytes.Write(Bytes16(Version));
        bytes.Write(Bytes16(Utf8Names));
        // Method 0, stored; time 00:00.
        bytes.Write(new byte[4]);
        bytes.Write(Bytes16(Date1980));
        bytes.Write(Bytes32(Crc(content)));
        bytes.Write(Bytes32((uint)content.Length));
        bytes.Write(Bytes32((uint)content.Length));
        bytes.Write(Bytes16(checked((ushort)nameLength)));
        bytes.Write(new byte[2]);
        return bytes.ToArray();
    }

    private static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var b in content)
            crc = (crc >> 8) ^ CrcTable[(byte)(crc ^ b)];
        return ~crc;
    }

    private static uint CrcOfByte(int value)
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        return crc;
    }

    private static byte[] Bytes16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
