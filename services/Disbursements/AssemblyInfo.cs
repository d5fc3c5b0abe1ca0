using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Disbursements.Tests")]
