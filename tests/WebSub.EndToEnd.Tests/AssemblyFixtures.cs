using WebSub.EndToEnd.Tests.Packages;
using WebSub.TestSupport;

[assembly: AssemblyFixture(typeof(PackedPackages))]
[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
