using WebSub.TestSupport;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
