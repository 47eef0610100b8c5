# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What decides the packages first: a change of code alone restores nothing anew.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Billing.Contracts/Billing.Contracts.csproj src/Billing.Contracts/
COPY src/Billing.ReliableMessaging/Billing.ReliableMessaging.csproj src/Billing.ReliableMessaging/
COPY src/Billing.Sagas/Billing.Sagas.csproj src/Billing.Sagas/
COPY src/Billing.Service/Billing.Service.csproj src/Billing.Service/
RUN dotnet restore src/Billing.Service/Billing.Service.csproj

COPY src/ src/
RUN dotnet publish src/Billing.Service/Billing.Service.csproj -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# Quota months and statistics follow an IANA time zone.
RUN apt-get update && apt-get install -y --no-install-recommends tzdata && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app ./

# The embedded database's folder, for a run without PostgreSQL.
RUN mkdir /app/data && chown "$APP_UID" /app/data
USER $APP_UID

# Asks http://localhost:5080/health/ready from inside; the image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["dotnet", "Billing.Service.dll", "health"]
ENTRYPOINT ["dotnet", "Billing.Service.dll"]
