# One file for all images. PROJECT chooses: Gateway, Accounts, Applications, Reviews, Disbursements, Notifications, or AllInOne, whose --migrate is the release step.
#   docker build --build-arg PROJECT=Accounts -t registry.example.org/grants/accounts:1.0 .
# Everything is compiled once, in a layer that all seven share. The final image needs the ASP.NET Core runtime, ICU and time zones, and no shell.
ARG NODE_IMAGE=docker.io/library/node:24-slim
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra

FROM ${NODE_IMAGE} AS style
WORKDIR /style
COPY services/Platform/Ui/Assets/package.json services/Platform/Ui/Assets/package-lock.json ./
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error
COPY services/Platform/Ui/Assets/*.scss ./
RUN node node_modules/sass/sass.js --no-source-map --style=compressed --quiet-deps --load-path=node_modules grants.scss grants.css

FROM ${SDK_IMAGE} AS build
WORKDIR /source
# Project files first: packages are restored again only when one of these changes.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY services/Contracts/Contracts.csproj services/Contracts/
COPY services/Platform/Platform.csproj services/Platform/
COPY services/Platform/Ui/Assets.targets services/Platform/Ui/
COPY services/Accounts/Accounts.csproj services/Accounts/
COPY services/Applications/Applications.csproj services/Applications/
COPY services/Reviews/Reviews.csproj services/Reviews/
COPY services/Disbursements/Disbursements.csproj services/Disbursements/
COPY services/Notifications/Notifications.csproj services/Notifications/
COPY services/AllInOne/AllInOne.csproj services/AllInOne/
COPY gateway/Gateway.csproj gateway/
RUN dotnet restore services/AllInOne && dotnet restore gateway
COPY services services
COPY gateway gateway
COPY --from=style /style/grants.css /style/
# Each program gets the same name, so that one entry point fits all images.
RUN for project in services/AllInOne gateway services/Accounts services/Applications services/Reviews services/Disbursements services/Notifications; do \
        file=$(echo $project/*.csproj) && name=${file##*/} && name=${name%.csproj} \
        && dotnet publish "$project" -c Release --no-restore --nologo -o "/out/$name" -p:CompiledStyleSheet=/style/grants.css \
        && ln -s "$name" "/out/$name/run" || exit 1; \
    done \
    && mkdir /out/data

FROM ${RUNTIME_IMAGE}
ARG PROJECT
WORKDIR /app
COPY --from=build /out/${PROJECT} ./
# Only where SQLite or a folder of files is used; otherwise nothing is written but to /tmp.
COPY --from=build --chown=1654:1654 /out/data /data
# The diagnostics port would be a socket in /tmp that nobody uses.
ENV ASPNETCORE_HTTP_PORTS=8080 Data__Folder=/data DOTNET_EnableDiagnostics=0
EXPOSE 8080
USER 1654:1654
ENTRYPOINT ["/app/run"]
