using Grants.Accounts.Domain;
using Grants.Accounts.Features.Demo;
using Grants.Accounts.Features.Exchange;
using Grants.Accounts.Features.People;
using Grants.Accounts.Features.Profile;
using Grants.Accounts.Features.Register;
using Grants.Accounts.Features.SignIn;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Operations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grants.Accounts;

/// <summary>People, sign-in, sessions and platform roles. Its table of contents.</summary>
public static class AccountsService
{
    public static readonly ServiceDefinition Definition = ServiceDefinition.For<AccountsDb, SqliteAccountsDb, PostgresAccountsDb>("accounts")
        .With(services =>
        {
            services.AddPublicOrigin();
            services.AddIdentityTables();
            services.AddSingleton<DemoMode>();
            services.AddSingleton<IPasswordHasher<Person>, PasswordHasher<Person>>();
            services.AddSingleton<Passwords>();
            services.AddScoped<Sessions>();
            services.AddSingleton(provider => KeyEncryption.Parse(provider.GetRequiredService<IConfiguration>()[KeyEncryption.Setting]));
            services.AddSingleton<AccountKeys>();
            services.AddSingleton<TokenKeys>(provider => provider.GetRequiredService<AccountKeys>());
            services.AddSingleton<SessionExchange>();
            services.TryAddSingleton<ISessionExchange>(provider => provider.GetRequiredService<SessionExchange>());
            services.AddSingleton<FirstStart>();
            services.AddHostedService(provider => provider.GetRequiredService<FirstStart>());
            services.AddDueLoop("accounts.signing-keys", ChangeSigningKey.RunAsync);
        })
        .Map(
            SignIn.Map,
            SignOut.Map,
            RegisterApplicant.Map,
            ConfirmEmail.Map,
            Invitation.Map,
            OwnProfile.Map,
            OwnPassword.Map,
            OwnSessions.Map,
            ListPeople.Map,
            ShowPerson.Map,
            InvitePerson.Map,
            GrantRole.Map,
            RevokeRole.Map,
            CloseAccount.Map,
            SendNewLink.Map,
            DemoPage.Map,
            Keys.Map,
            ExchangeSession.Map,
            RememberLanguage.Map,
            OperationsPages.MapIndex);
}
