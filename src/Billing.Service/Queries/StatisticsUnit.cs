namespace Billing.Service.Queries;

enum StatisticsUnit
{
    Day,
    Hour,
}
