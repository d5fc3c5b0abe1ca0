using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grants.Disbursements.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AwardPreparation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "PK_payment_lines",
                table: "payment_lines");

            migrationBuilder.DropIndex(
                name: "IX_payment_approvals_instalment_id_approver",
                table: "payment_approvals");

            migrationBuilder.DropCheckConstraint(
                name: "ck_ledger_transfers_award",
                table: "ledger_transfers");

            migrationBuilder.DropCheckConstraint(
                name: "ck_grants_agreed",
                table: "grants");

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "payment_lines",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "payment_approvals",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "instalments",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "account_confirmed_by",
                table: "grants",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "answer_due_at",
                table: "grants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "budget_correction_id",
                table: "grants",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "confirmed_account_id",
                table: "grants",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "contracting_from",
                table: "grants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "corrected_minor",
                table: "grants",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "lot",
                table: "grants",
                type: "text",
                nullable: true);

            migrationBuilder.AddPrimaryKey(
                name: "PK_payment_lines",
                table: "payment_lines",
                columns: new[] { "instalment_id", "round" });

            migrationBuilder.CreateTable(
                name: "budget_corrections",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    total_minor = table.Column<long>(type: "bigint", nullable: false),
                    own_minor = table.Column<long>(type: "bigint", nullable: false),
                    grant_minor = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_budget_corrections", x => x.id);
                    table.CheckConstraint("ck_budget_corrections_sums", "grant_minor > 0 and own_minor >= 0 and total_minor >= grant_minor");
                });

            migrationBuilder.CreateTable(
                name: "grant_ends",
                columns: table => new
                {
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cause = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    released_minor = table.Column<long>(type: "bigint", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grant_ends", x => x.application_id);
                    table.CheckConstraint("ck_grant_ends_released", "released_minor >= 0");
                });

            migrationBuilder.CreateTable(
                name: "grantee_documents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    document_id = table.Column<string>(type: "text", nullable: false),
                    partner = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    file_name = table.Column<string>(type: "text", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<string>(type: "text", nullable: false),
                    uploaded_by = table.Column<Guid>(type: "uuid", nullable: false),
                    uploaded_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grantee_documents", x => x.id);
                    table.CheckConstraint("ck_grantee_documents_decided", "(state in ('Accepted', 'SentBack')) = (decided_by is not null and decided_at is not null)");
                });

            migrationBuilder.CreateTable(
                name: "payment_returns",
                columns: table => new
                {
                    instalment_id = table.Column<Guid>(type: "uuid", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    statement_line = table.Column<string>(type: "text", nullable: false),
                    was_paid = table.Column<bool>(type: "boolean", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_returns", x => new { x.instalment_id, x.round });
                    table.ForeignKey(
                        name: "FK_payment_returns_instalments_instalment_id",
                        column: x => x.instalment_id,
                        principalTable: "instalments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "repayments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    amount_minor = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    statement_line = table.Column<string>(type: "text", nullable: false),
                    booked_on = table.Column<DateOnly>(type: "date", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_repayments", x => x.id);
                    table.CheckConstraint("ck_repayments_amount", "amount_minor > 0");
                });

            migrationBuilder.CreateTable(
                name: "statement_lines",
                columns: table => new
                {
                    payer = table.Column<string>(type: "text", nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<string>(type: "text", nullable: false),
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    about = table.Column<Guid>(type: "uuid", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_statement_lines", x => new { x.payer, x.year, x.number });
                });

            migrationBuilder.CreateTable(
                name: "withdrawals",
                columns: table => new
                {
                    application_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    too_late = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_withdrawals", x => x.application_id);
                });

            migrationBuilder.CreateTable(
                name: "budget_acceptances",
                columns: table => new
                {
                    correction_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_budget_acceptances", x => x.correction_id);
                    table.ForeignKey(
                        name: "FK_budget_acceptances_budget_corrections_correction_id",
                        column: x => x.correction_id,
                        principalTable: "budget_corrections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "corrected_lines",
                columns: table => new
                {
                    correction_id = table.Column<Guid>(type: "uuid", nullable: false),
                    line_id = table.Column<string>(type: "text", nullable: false),
                    before_minor = table.Column<long>(type: "bigint", nullable: false),
                    total_minor = table.Column<long>(type: "bigint", nullable: false),
                    eligible = table.Column<bool>(type: "boolean", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_corrected_lines", x => new { x.correction_id, x.line_id });
                    table.CheckConstraint("ck_corrected_lines_lowered", "total_minor >= 0 and total_minor < before_minor");
                    table.ForeignKey(
                        name: "FK_corrected_lines_budget_corrections_correction_id",
                        column: x => x.correction_id,
                        principalTable: "budget_corrections",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_payment_approvals_instalment_id_round_approver",
                table: "payment_approvals",
                columns: new[] { "instalment_id", "round", "approver" },
                unique: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_ledger_transfers_award",
                table: "ledger_transfers",
                sql: "(kind in ('Payment', 'Void', 'Return', 'Repayment')) = (award_id is not null)");

            migrationBuilder.CreateIndex(
                name: "IX_grants_answer_due_at",
                table: "grants",
                column: "answer_due_at");

            migrationBuilder.AddCheckConstraint(
                name: "ck_grants_agreed",
                table: "grants",
                sql: "awarded_minor > 0 and (corrected_minor is null or (corrected_minor > 0 and corrected_minor < awarded_minor)) and (agreed_minor is null or (agreed_minor > 0 and agreed_minor <= coalesce(corrected_minor, awarded_minor)))");

            migrationBuilder.CreateIndex(
                name: "IX_budget_corrections_application_id_number",
                table: "budget_corrections",
                columns: new[] { "application_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_grantee_documents_application_id_document_id_partner",
                table: "grantee_documents",
                columns: new[] { "application_id", "document_id", "partner" });

            migrationBuilder.CreateIndex(
                name: "IX_grantee_documents_sha256",
                table: "grantee_documents",
                column: "sha256");

            migrationBuilder.CreateIndex(
                name: "IX_grantee_documents_state",
                table: "grantee_documents",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_repayments_application_id",
                table: "repayments",
                column: "application_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "budget_acceptances");

            migrationBuilder.DropTable(
                name: "corrected_lines");

            migrationBuilder.DropTable(
                name: "grant_ends");

            migrationBuilder.DropTable(
                name: "grantee_documents");

            migrationBuilder.DropTable(
                name: "payment_returns");

            migrationBuilder.DropTable(
                name: "repayments");

            migrationBuilder.DropTable(
                name: "statement_lines");

            migrationBuilder.DropTable(
                name: "withdrawals");

            migrationBuilder.DropTable(
                name: "budget_corrections");

            migrationBuilder.DropPrimaryKey(
                name: "PK_payment_lines",
                table: "payment_lines");

            migrationBuilder.DropIndex(
                name: "IX_payment_approvals_instalment_id_round_approver",
                table: "payment_approvals");

            migrationBuilder.DropCheckConstraint(
                name: "ck_ledger_transfers_award",
                table: "ledger_transfers");

            migrationBuilder.DropIndex(
                name: "IX_grants_answer_due_at",
                table: "grants");

            migrationBuilder.DropCheckConstraint(
                name: "ck_grants_agreed",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "round",
                table: "payment_lines");

            migrationBuilder.DropColumn(
                name: "round",
                table: "payment_approvals");

            migrationBuilder.DropColumn(
                name: "round",
                table: "instalments");

            migrationBuilder.DropColumn(
                name: "account_confirmed_by",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "answer_due_at",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "budget_correction_id",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "confirmed_account_id",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "contracting_from",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "corrected_minor",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "lot",
                table: "grants");

            migrationBuilder.AddPrimaryKey(
                name: "PK_payment_lines",
                table: "payment_lines",
                column: "instalment_id");

            migrationBuilder.CreateIndex(
                name: "IX_payment_approvals_instalment_id_approver",
                table: "payment_approvals",
                columns: new[] { "instalment_id", "approver" },
                unique: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_ledger_transfers_award",
                table: "ledger_transfers",
                sql: "(kind in ('Payment', 'Void')) = (award_id is not null)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_grants_agreed",
                table: "grants",
                sql: "awarded_minor > 0 and (agreed_minor is null or (agreed_minor > 0 and agreed_minor <= awarded_minor))");
        }
    }
}
