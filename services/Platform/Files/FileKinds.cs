using System.IO.Compression;
using System.Text;

namespace Grants.Platform.Files;

/// <summary>A kind of file people may attach.</summary>
/// <param name="Name">How people call it.</param>
/// <param name="MediaType">How it is sent back.</param>
/// <param name="Extensions">Endings of its names, with the dot, lower case.</param>
public sealed record FileKind(string Name, string MediaType, IReadOnlyList<string> Extensions);

/// <summary>What a file is, and whether its name says the same.</summary>
/// <param name="Kind">By its content; null when it is none of the kinds we take.</param>
/// <param name="NameAgrees">The name's ending belongs to the kind.</param>
public sealed record FileCheck(FileKind? Kind, bool NameAgrees)
{
    /// <summary>A kind we take, with a name that says so.</summary>
    public bool IsFine => Kind is not null && NameAgrees;
}

/// <summary>Tells what a file is from its bytes. Names and the browser's word for it are never believed.</summary>
public static class FileKinds
{
    /// <summary>PDF.</summary>
    public static readonly FileKind Pdf = new("PDF", "application/pdf", [".pdf"]);

    /// <summary>PNG.</summary>
    public static readonly FileKind Png = new("PNG", "image/png", [".png"]);

    /// <summary>JPEG.</summary>
    public static readonly FileKind Jpeg = new("JPEG", "image/jpeg", [".jpg", ".jpeg"]);

    /// <summary>Word.</summary>
    public static readonly FileKind Docx = new("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", [".docx"]);

    /// <summary>Excel.</summary>
    public static readonly FileKind Xlsx = new("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".xlsx"]);

    /// <summary>OpenDocument text.</summary>
    public static readonly FileKind Odt = new("ODT", "application/vnd.oasis.opendocument.text", [".odt"]);

    /// <summary>OpenDocument spreadsheet.</summary>
    public static readonly FileKind Ods = new("ODS", "application/vnd.oasis.opendocument.spreadsheet", [".ods"]);

    /// <summary>All kinds we take.</summary>
    public static readonly IReadOnlyList<FileKind> All = [Pdf, Docx, Odt, Xlsx, Ods, Jpeg, Png];

    const int HeadLength = 1024, MostEntries = 10_000, LongestMediaType = 100;

    /// <summary>Value of <c>accept</c> for a file field.</summary>
    public static string Accept => string.Join(',', All.SelectMany(kind => kind.Extensions));

    /// <summary>The media type to send a file back with: that of its name's kind, which was checked when it came in, otherwise plain bytes.</summary>
    public static string MediaTypeOf(string fileName) => All.FirstOrDefault(kind => HasEnding(kind, fileName))?.MediaType ?? "application/octet-stream";

    /// <summary>Looks into the file. The stream must be able to seek and is left at its start.</summary>
    public static FileCheck Detect(Stream content, string fileName)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(fileName);
        var head = new byte[HeadLength];
        content.Position = 0;
        var bytes = head.AsSpan(0, content.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false));
        var kind = bytes.StartsWith("%PDF-"u8) && !LooksLikeMarkup(bytes) ? Pdf
            : StartsLikePng(bytes) ? Png
            : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
            : bytes.StartsWith("PK\x03\x04"u8) ? Office(content)
            : null;
        content.Position = 0;
        return new FileCheck(kind, kind is not null && HasEnding(kind, fileName));
    }

    static bool HasEnding(FileKind kind, string fileName) => kind.Extensions.Any(ending => fileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    static bool StartsLikePng(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 16 && bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && bytes[12..16].SequenceEqual("IHDR"u8);

    // A page dressed up as a PDF: old viewers and careless servers would show it.
    static bool LooksLikeMarkup(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        return text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<script", StringComparison.OrdinalIgnoreCase)
            || text.Contains("<!doctype", StringComparison.OrdinalIgnoreCase);
    }

    // Only the list of entries is read and one small entry unpacked: a zip bomb stays packed.
    static FileKind? Office(Stream content)
    {
        try
        {
            content.Position = 0;
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Count > MostEntries) return null;
            var names = zip.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (names.Any(name => name.StartsWith('/') || name.Contains('\\') || name.Split('/').Contains(".."))) return null;
            // Macros: a .docm whose name was changed.
            if (names.Any(name => name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase))) return null;
            if (names.Contains("[Content_Types].xml")) return names.Contains("word/document.xml") ? Docx : names.Contains("xl/workbook.xml") ? Xlsx : null;
            return zip.GetEntry("mimetype") is { Length: <= LongestMediaType } entry && names.Contains("content.xml") ? OpenDocument(entry) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    static FileKind? OpenDocument(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[LongestMediaType];
        var mediaType = Encoding.ASCII.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Trim();
        return mediaType == Odt.MediaType ? Odt : mediaType == Ods.MediaType ? Ods : null;
    }
}
