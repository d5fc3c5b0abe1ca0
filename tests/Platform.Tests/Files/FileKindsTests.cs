using System.IO.Compression;
using System.Text;
using Grants.Platform.Files;

namespace Grants.Platform.Tests.Files;

/// <summary>Hostile files are made here and never stored in the repository.</summary>
public class FileKindsTests
{
    static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 1];
    static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8];
    static readonly byte[] Pdf = Bytes("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n1 0 obj\n");

    static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    static byte[] Zip(params (string Name, string Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, name == "mimetype" ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }
        return stream.ToArray();
    }

    static byte[] Docx(params (string, string)[] more) => Zip([("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>"), .. more]);

    static byte[] Xlsx => Zip(("xl/workbook.xml", "<x/>"), ("[Content_Types].xml", "<Types/>"));

    static byte[] OpenDocument(string mediaType) => Zip(("mimetype", mediaType), ("content.xml", "<c/>"));

    static FileCheck Check(byte[] bytes, string name)
    {
        using var stream = new MemoryStream(bytes);
        var check = FileKinds.Detect(stream, name);
        Assert.Equal(0, stream.Position);
        return check;
    }

    [Fact]
    public void Kinds_we_take_are_told_by_their_content()
    {
        Assert.Equal(new FileCheck(FileKinds.Pdf, true), Check(Pdf, "statut.pdf"));
        Assert.Equal(new FileCheck(FileKinds.Png, true), Check(Png, "logo.PNG"));
        Assert.Equal(new FileCheck(FileKinds.Jpeg, true), Check(Jpeg, "слика.jpeg"));
        Assert.Equal(new FileCheck(FileKinds.Docx, true), Check(Docx(), "Опис.docx"));
        Assert.Equal(new FileCheck(FileKinds.Xlsx, true), Check(Xlsx, "budžet.xlsx"));
        Assert.Equal(new FileCheck(FileKinds.Odt, true), Check(OpenDocument(FileKinds.Odt.MediaType), "opis.odt"));
        Assert.Equal(new FileCheck(FileKinds.Ods, true), Check(OpenDocument(FileKinds.Ods.MediaType), "budget.ods"));
    }

    [Fact]
    public void A_name_that_says_another_kind_does_not_agree()
    {
        Assert.Equal(new FileCheck(FileKinds.Pdf, false), Check(Pdf, "statut.docx"));
        Assert.Equal(new FileCheck(FileKinds.Docx, false), Check(Docx(), "opis.pdf"));
        Assert.Equal(new FileCheck(FileKinds.Docx, false), Check(Docx(), "budget.xlsx"));
        Assert.Equal(new FileCheck(FileKinds.Png, false), Check(Png, "logo"));
        Assert.Equal(new FileCheck(FileKinds.Png, false), Check(Png, "logo.png.exe"));
    }

    public static TheoryData<string, byte[]> Hostile => new()
    {
        { "an empty file", [] },
        { "a program", Bytes("MZ\u0090\0\u0003") },
        { "a program for Linux", Bytes("\u007fELF") },
        { "a script", Bytes("#!/bin/sh\n") },
        { "a page", Bytes("<!doctype html><script>alert(1)</script>") },
        { "a picture that is a page", Bytes("GIF89a/*<html><script>alert(1)</script>*/") },
        { "a vector picture", Bytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") },
        { "a PDF that is a page", Bytes("%PDF-1.4\n<HTML><script>alert(1)</script>") },
        { "a PDF behind something else", Bytes("GIF89a%PDF-1.4") },
        { "half a signature", [0x89, 0x50, 0x4E, 0x47] },
        { "a PNG without its header", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[20]] },
        { "any zip", Zip(("readme.txt", "hello")) },
        { "half a zip", Docx()[..40] },
        { "a zip behind a program", [.. Bytes("MZ"), .. Docx()] },
        { "a document with macros", Docx(("word/vbaProject.bin", "x")) },
        { "a document that leaves its folder", Docx(("../../etc/passwd", "x")) },
        { "a document with an absolute entry", Docx(("/etc/passwd", "x")) },
        { "an OpenDocument drawing", OpenDocument("application/vnd.oasis.opendocument.graphics") },
        { "a media type without end", OpenDocument(FileKinds.Odt.MediaType + new string(' ', 10_000)) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Everything_else_is_refused_whatever_its_name(string what, byte[] bytes)
    {
        foreach (var name in FileKinds.All.SelectMany(kind => kind.Extensions).Select(ending => "contract" + ending))
            Assert.False(Check(bytes, name).IsFine, $"{what} as {name}");
    }

    [Fact]
    public void A_zip_bomb_stays_packed()
    {
        var bomb = Docx(("word/media/zeros.bin", new string('\0', 50_000_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(Check(bomb, "opis.docx").IsFine);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 5_000_000);
    }

    [Fact]
    public void Cut_anywhere_a_document_is_refused_and_nothing_throws()
    {
        var whole = OpenDocument(FileKinds.Odt.MediaType);
        for (var length = 0; length < whole.Length; length++) Assert.False(Check(whole[..length], "opis.odt").IsFine);
    }
}
