using System.Globalization;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Files;

namespace Grants.Applications.Domain;

/// <summary>A dossier with its canonical bytes and their hash.</summary>
/// <param name="Content">What it says.</param>
/// <param name="Bytes">Canonical JSON.</param>
/// <param name="Sha256">Their hash.</param>
public sealed record SealedDossier(Dossier Content, byte[] Bytes, string Sha256)
{
    /// <summary>Seals a complete draft. The same draft submitted at the same moment by the same person gives the same bytes.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="labels">What the dossier says of itself.</param>
    /// <param name="submittedBy">Who submits.</param>
    /// <param name="submittedByName">Their name.</param>
    /// <param name="arrivedAt">When the submission arrived.</param>
    /// <param name="language">Language it is written in, as far as it is known.</param>
    /// <param name="arrival">How it came, when an officer typed it in.</param>
    /// <exception cref="InvalidOperationException">The draft is not complete: it was not checked before.</exception>
    public static SealedDossier Seal(
        Draft draft, DossierLabels labels, Guid submittedBy, string submittedByName, DateTimeOffset arrivedAt, string? language = null, DossierArrival? arrival = null)
    {
        var call = draft.Definition;
        var budget = call.Intake.WithBudget ? BudgetOf(draft) : null;
        var amount = new Money(budget?.RequestedMinor ?? 0, call.Currency);
        if (budget is null && !MoneyParser.TryParse(draft[DraftForm.Amount], call.Currency, out amount, out _)) throw new InvalidOperationException("A sealed amount must be an amount.");
        var dossier = new Dossier
        {
            Schema = Dossier.SchemaName,
            ApplicationId = draft.Application.Id,
            DossierVersion = draft.Application.DossierVersion + 1,
            SubmittedAt = Moment(arrivedAt),
            SubmittedBy = submittedBy,
            SubmittedByName = submittedByName,
            Call = new(call.Id, draft.CallVersion.Number, draft.CallVersion.DefinitionSha256, call.Programme, call.Title, call.ClosesAt, call.TimeZone),
            Organisation = new(
                draft.Organisation.Id, draft.Organisation.Name, draft.Organisation.RegistrationNumber, draft.Organisation.Country, draft.Organisation.Street,
                draft.Organisation.HouseNumber, draft.Organisation.Postcode, draft.Organisation.Town),
            Title = draft[DraftForm.Title],
            RequestedMinor = amount.Minor,
            Currency = amount.Currency,
            DurationMonths = int.Parse(draft[DraftForm.Months], CultureInfo.InvariantCulture),
            StartsOn = draft[DraftForm.Starts],
            Answers = [.. call.Questions.Where(question => question.Kind != QuestionKind.File && DraftForm.IsAsked(call, DraftForm.OfQuestion(question.Id), draft.Values)).Select(question => Answer(call, question, draft[DraftForm.OfQuestion(question.Id)], labels))],
            Lot = call.Lots.Count > 1 ? call.Lots[0].Id : null,
            Language = language,
            Partners = draft.Partners.Count == 0 ? null : PartnersOf(draft),
            Budget = budget,
            Attachments = [.. DraftForm.Documents(call, draft.Values).Where(wanted => draft.Document(wanted.Id) is { IsRefused: false }).Select(wanted => Attachment(wanted, draft.Document(wanted.Id)!))],
            Arrival = arrival,
            Declaration = labels.Declaration,
            Labels = labels.Fields,
        };
        var bytes = CanonicalJson.Serialize(dossier);
        // Read back: what is shown and published is what is sealed, also where canonical writing changed a letter.
        return new SealedDossier(CanonicalJson.Deserialize<Dossier>(bytes), bytes, CanonicalJson.Sha256Hex(bytes));
    }

    /// <summary>The partners of a draft as they would be sealed.</summary>
    public static IReadOnlyList<DossierPartner> PartnersOf(Draft draft) =>
    [
        .. Partner.InOrder(draft.Partners).Select(partner => new DossierPartner(
            partner.OrganisationId, partner.Name, partner.RegistrationNumber, partner.Country, partner.Town,
            partner.State == PartnerState.Confirmed ? partner.AnsweredByName : "", partner is { State: PartnerState.Confirmed, AnsweredAt: { } at } ? Moment(at) : "")),
    ];

    /// <summary>The budget of a draft as it would be sealed.</summary>
    public static DossierBudget BudgetOf(Draft draft)
    {
        var partners = Partner.InOrder(draft.Partners);
        var budget = draft.Budget;
        return new(
            [
                .. budget.Rows.Select(row => new DossierBudgetLine(
                    row.Id.ToString(), row.Heading, row.Description, row.Unit, row.QuantityHundredths, row.UnitCostMinor, row.TotalMinor,
                    1 + partners.Select(partner => partner.Id).ToList().IndexOf(row.PartnerId ?? Guid.Empty))),
            ],
            [.. budget.Headings.Select(sum => new DossierHeading(sum.Heading.Id, sum.Heading.Label, sum.Minor))],
            budget.TotalMinor, budget.OwnMinor, budget.RequestedMinor);
    }

    /// <summary>An instant as dossiers write it.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    static DossierAnswer Answer(CallDefinition call, Question question, string value, DossierLabels labels)
    {
        switch (question.Kind)
        {
            case QuestionKind.Money when MoneyParser.TryParse(value, call.Currency, out var amount, out _):
                return new(question.Id, question.Label, $"{MoneyFormat.Plain(amount)} {amount.Currency}");
            case QuestionKind.Table or QuestionKind.Organisation:
                // A line for each row, each cell with the head of its column: readable without this program.
                return new(question.Id, question.Label, string.Join('\n', DraftForm.Rows(question, value).Select(row => string.Join("; ", row.Index().Where(cell => cell.Item.Length > 0).Select(cell =>
                {
                    var column = DraftForm.Columns(question)[cell.Index];
                    var label = question.Kind == QuestionKind.Organisation ? labels.OrganisationColumns.GetValueOrDefault(column.Id, []) : column.Label;
                    var text = column.Kind == QuestionKind.Money ? $"{cell.Item} {call.Currency}" : cell.Item;
                    return $"{InFirst(label, call, column.Id)}: {text}";
                })))));
            case QuestionKind.Choice or QuestionKind.MultipleChoice or QuestionKind.YesNo:
                var chosen = DraftForm.Chosen(value)
                    .Select(id => new DossierChoice(id, question.Options.FirstOrDefault(option => option.Id == id)?.Label ?? labels.YesNo.GetValueOrDefault(id, []))).ToList();
                return new(question.Id, question.Label, string.Join("; ", chosen.Select(choice => InFirst(choice.Label, call, choice.Id))), chosen);
            default:
                return new(question.Id, question.Label, value);
        }
    }

    static string InFirst(Dictionary<string, string> label, CallDefinition call, string id) =>
        call.Languages.Select(language => label.GetValueOrDefault(language, "")).FirstOrDefault(text => text.Length > 0) ?? label.Values.FirstOrDefault(text => text.Length > 0) ?? id;

    static DossierAttachment Attachment(RequestedDocument wanted, DraftDocument file) =>
        new(wanted.Id, wanted.Label, file.FileName, file.ContentType, file.Size, file.Sha256);
}

/// <summary>Texts that go into a dossier so that it explains itself, per language of the call.</summary>
/// <param name="Fields">Labels by name of the field.</param>
/// <param name="Declaration">The declaration made with the submission.</param>
/// <param name="YesNo">The words for <c>yes</c> and <c>no</c>.</param>
public sealed record DossierLabels(
    Dictionary<string, Dictionary<string, string>> Fields, Dictionary<string, string> Declaration, Dictionary<string, Dictionary<string, string>> YesNo)
{
    /// <summary>Heads of the columns of an organisation that is the answer to a question.</summary>
    public Dictionary<string, Dictionary<string, string>> OrganisationColumns { get; init; } = [];
}

/// <summary>A draft with all it is made of.</summary>
/// <param name="Application">The application.</param>
/// <param name="Organisation">Who applies.</param>
/// <param name="Call">The call.</param>
/// <param name="CallVersion">Newest version of the call.</param>
/// <param name="Definition">What it says.</param>
/// <param name="Fields">Stored fields.</param>
/// <param name="Documents">Attached files.</param>
public sealed record Draft(
    Application Application, Organisation Organisation, Call Call, CallVersion CallVersion, CallDefinition Definition, IReadOnlyList<DraftField> Fields,
    IReadOnlyList<DraftDocument> Documents)
{
    /// <summary>Rows of the budget; none where the call asks for no budget.</summary>
    public IReadOnlyList<BudgetRow> Rows { get; init; } = [];

    /// <summary>Organisations that take part.</summary>
    public IReadOnlyList<Partner> Partners { get; init; } = [];

    /// <summary>Under this id lies what is written.</summary>
    public Guid RowsId => Application.RowsId;

    /// <summary>The budget with its sums and what they break.</summary>
    public ProjectBudget Budget => ProjectBudget.Of(Definition, Rows, this[DraftForm.Own]);

    /// <summary>The stored text of a field; empty when there is none.</summary>
    public string this[string field] => Stored(field)?.Value ?? "";

    /// <summary>The stored field, if it was ever saved.</summary>
    public DraftField? Stored(string field) => Fields.FirstOrDefault(stored => stored.Field == field);

    /// <summary>The file in a place, if there is one.</summary>
    public DraftDocument? Document(string id) => Documents.FirstOrDefault(file => file.DocumentId == id);

    /// <summary>The stored texts by field.</summary>
    public IReadOnlyDictionary<string, string> Values => Fields.ToDictionary(stored => stored.Field, stored => stored.Value, StringComparer.Ordinal);

    /// <summary>Everything that keeps it from being submitted, in the order of the task list.</summary>
    public IReadOnlyList<FieldProblem> Missing()
    {
        var problems = DraftForm.Missing(Definition, Values, [.. Documents.Where(file => !file.IsRefused).Select(file => file.DocumentId)]);
        return
        [
            .. Partner.Missing(Definition, Organisation.Country, Partners).Select(problem => new FieldProblem("partners", DraftProblem.Partners) { Partners = problem }),
            .. problems.Where(problem => problem.Problem != DraftProblem.NoDocument),
            .. Definition.Intake.WithBudget ? Budget.Problems.Select(problem => new FieldProblem("budget", DraftProblem.Budget) { Budget = problem }) : [],
            .. problems.Where(problem => problem.Problem == DraftProblem.NoDocument),
        ];
    }
}
