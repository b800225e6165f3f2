using WebSub.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
