using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grants.Notifications.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class MailsSent : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "template",
                table: "released_letters",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "answer",
                table: "mails",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "answered_at",
                table: "mails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "arguments",
                table: "mails",
                type: "text",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<int>(
                name: "attempts",
                table: "mails",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "due_at",
                table: "mails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "first_tried_at",
                table: "mails",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "item_id",
                table: "mails",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "person_id",
                table: "mails",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "version",
                table: "mails",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateTime>(
                name: "contracting_from",
                table: "letters",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "findings",
                table: "letters",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "from_reserve",
                table: "letters",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "place",
                table: "letters",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "mails_due_at",
                table: "inbox_items",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "declined",
                table: "assignments",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "third_needed",
                table: "assignments",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTime>(
                name: "lapsed_at",
                table: "applications",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "withdrawn_at",
                table: "applications",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "instalments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    approved_version = table.Column<long>(type: "bigint", nullable: false),
                    settled_version = table.Column<long>(type: "bigint", nullable: false),
                    failed_version = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instalments", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_mails_item_id_person_id",
                table: "mails",
                columns: new[] { "item_id", "person_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mails_state_due_at",
                table: "mails",
                columns: new[] { "state", "due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_inbox_items_application_id",
                table: "inbox_items",
                column: "application_id");

            migrationBuilder.CreateIndex(
                name: "IX_inbox_items_mails_due_at",
                table: "inbox_items",
                column: "mails_due_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "instalments");

            migrationBuilder.DropIndex(
                name: "IX_mails_item_id_person_id",
                table: "mails");

            migrationBuilder.DropIndex(
                name: "IX_mails_state_due_at",
                table: "mails");

            migrationBuilder.DropIndex(
                name: "IX_inbox_items_application_id",
                table: "inbox_items");

            migrationBuilder.DropIndex(
                name: "IX_inbox_items_mails_due_at",
                table: "inbox_items");

            migrationBuilder.DropColumn(
                name: "template",
                table: "released_letters");

            migrationBuilder.DropColumn(
                name: "answer",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "answered_at",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "arguments",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "attempts",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "due_at",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "first_tried_at",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "item_id",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "person_id",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "version",
                table: "mails");

            migrationBuilder.DropColumn(
                name: "contracting_from",
                table: "letters");

            migrationBuilder.DropColumn(
                name: "findings",
                table: "letters");

            migrationBuilder.DropColumn(
                name: "from_reserve",
                table: "letters");

            migrationBuilder.DropColumn(
                name: "place",
                table: "letters");

            migrationBuilder.DropColumn(
                name: "mails_due_at",
                table: "inbox_items");

            migrationBuilder.DropColumn(
                name: "declined",
                table: "assignments");

            migrationBuilder.DropColumn(
                name: "third_needed",
                table: "assignments");

            migrationBuilder.DropColumn(
                name: "lapsed_at",
                table: "applications");

            migrationBuilder.DropColumn(
                name: "withdrawn_at",
                table: "applications");
        }
    }
}
